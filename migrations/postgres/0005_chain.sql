-- Audit rows that no link holds yet, the oldest first. The database itself puts every new row here.
CREATE TABLE audit_waiting (
    at BIGINT NOT NULL,
    audit_id BYTEA NOT NULL,
    PRIMARY KEY (at, audit_id)
);
INSERT INTO audit_waiting (at, audit_id) SELECT at, id FROM audit;
CREATE FUNCTION audit_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_waiting (at, audit_id) VALUES (NEW.at, NEW.id); RETURN NULL; END;
$$;
CREATE TRIGGER audit_waits_for_its_link AFTER INSERT ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_wait();

-- The chain: the hash of a link is made with a key outside the database, over the hash before and the whole row.
CREATE TABLE audit_link (
    n BIGINT PRIMARY KEY,
    audit_id BYTEA NOT NULL UNIQUE REFERENCES audit (id),
    hash BYTEA NOT NULL
);
CREATE FUNCTION audit_link_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit links are kept as written and never deleted'; END;
$$;
CREATE TRIGGER audit_link_kept_as_written BEFORE UPDATE OR DELETE ON audit_link
    FOR EACH ROW EXECUTE FUNCTION audit_link_refuse();
CREATE TRIGGER audit_link_never_emptied BEFORE TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION audit_link_refuse();

-- Up to which link readings were looked at for what is not ordinary.
CREATE TABLE audit_watched (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    n BIGINT NOT NULL
);
INSERT INTO audit_watched (one, n) VALUES (1, 0);

-- Readings that were not ordinary, each once, until a manager has looked at them.
CREATE TABLE audit_alert (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('bulk', 'night', 'no_relation', 'ended')),
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    -- Nobody: it is about many people.
    person_id BYTEA REFERENCES person (id),
    dedupe TEXT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    looked_by BYTEA REFERENCES staff (id),
    looked_at BIGINT
);
CREATE INDEX audit_alert_open ON audit_alert (looked_at, at);

-- What look-ups and links are hashed with: random, wrapped by the key outside the database, and the same when
-- that key is changed.
ALTER TABLE instance ADD COLUMN look_up_wrapped BYTEA;
