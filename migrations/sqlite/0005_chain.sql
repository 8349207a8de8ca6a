-- Audit rows that no link holds yet, the oldest first. The database itself puts every new row here.
CREATE TABLE audit_waiting (
    at INTEGER NOT NULL,
    audit_id BLOB NOT NULL,
    PRIMARY KEY (at, audit_id)
) STRICT;
INSERT INTO audit_waiting (at, audit_id) SELECT at, id FROM audit;
CREATE TRIGGER audit_waits_for_its_link AFTER INSERT ON audit
BEGIN INSERT INTO audit_waiting (at, audit_id) VALUES (NEW.at, NEW.id); END;

-- The chain: the hash of a link is made with a key outside the database, over the hash before and the whole row.
CREATE TABLE audit_link (
    n INTEGER PRIMARY KEY,
    audit_id BLOB NOT NULL UNIQUE REFERENCES audit (id),
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_link_kept_as_written BEFORE UPDATE ON audit_link
BEGIN SELECT RAISE(ABORT, 'audit links are kept as written'); END;
CREATE TRIGGER audit_link_never_deleted BEFORE DELETE ON audit_link
BEGIN SELECT RAISE(ABORT, 'audit links are never deleted'); END;

-- Up to which link readings were looked at for what is not ordinary.
CREATE TABLE audit_watched (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    n INTEGER NOT NULL
) STRICT;
INSERT INTO audit_watched (one, n) VALUES (1, 0);

-- Readings that were not ordinary, each once, until a manager has looked at them.
CREATE TABLE audit_alert (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('bulk', 'night', 'no_relation', 'ended')),
    staff_id BLOB NOT NULL REFERENCES staff (id),
    -- Nobody: it is about many people.
    person_id BLOB REFERENCES person (id),
    dedupe TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    looked_by BLOB REFERENCES staff (id),
    looked_at INTEGER
) STRICT;
CREATE INDEX audit_alert_open ON audit_alert (looked_at, at);

-- What look-ups and links are hashed with: random, wrapped by the key outside the database, and the same when
-- that key is changed.
ALTER TABLE instance ADD COLUMN look_up_wrapped BLOB;
