-- Conventions: ids are 16 random bytes; *_at is UTC microseconds; *_on is a civil date, YYYY-MM-DD;
-- *_sealed is encrypted by `vault` (its table lists every such column); *_hash is a keyed hash for look-up.

-- Which kind of database this is. Written once, by the first start.
CREATE TABLE instance (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    kind TEXT NOT NULL CHECK (kind IN ('live', 'demo')),
    key_check BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- One key for each person and each member of staff, wrapped by the key outside the database.
CREATE TABLE seal_key (
    owner_id BYTEA PRIMARY KEY,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- A locality team. Its duty desk takes what has no live owner.
CREATE TABLE team (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    locality TEXT NOT NULL,
    council TEXT NOT NULL,
    duty_desk TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE person (
    id BYTEA PRIMARY KEY,
    team_id BYTEA NOT NULL REFERENCES team (id),
    name_sealed BYTEA NOT NULL,
    called_sealed BYTEA NOT NULL,
    born_on TEXT NOT NULL,
    look_up_hash BYTEA NOT NULL,
    case_hash BYTEA UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('active', 'closed')),
    safety_flag BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX person_look_up ON person (look_up_hash);

CREATE TABLE staff (
    id BYTEA PRIMARY KEY,
    name_sealed BYTEA NOT NULL,
    email_hash BYTEA UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'left')),
    created_at BIGINT NOT NULL
);

CREATE TABLE staff_role (
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    role TEXT NOT NULL CHECK (role IN ('adviser', 'editor', 'manager', 'admin')),
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    PRIMARY KEY (staff_id, role, from_at)
);

CREATE TABLE team_member (
    team_id BYTEA NOT NULL REFERENCES team (id),
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    duty BOOLEAN NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    PRIMARY KEY (team_id, staff_id, from_at)
);

-- Who works with whom. Several at once; one of them leads on messages.
CREATE TABLE assignment (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    kind TEXT NOT NULL CHECK (kind IN ('pa', 'social_worker', 'cover', 'duty', 'manager')),
    lead BOOLEAN NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT
);
CREATE INDEX assignment_staff ON assignment (staff_id, to_at);
CREATE INDEX assignment_person ON assignment (person_id, to_at);
CREATE UNIQUE INDEX assignment_one_lead ON assignment (person_id) WHERE lead AND to_at IS NULL;

-- History of a person's circumstances: a new spell ends the old one, nothing is overwritten.
CREATE TABLE spell (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('legal_group', 'district', 'home', 'education_work', 'health_assessment')),
    value TEXT NOT NULL,
    detail_sealed BYTEA,
    from_on TEXT NOT NULL,
    to_on TEXT
);
CREATE INDEX spell_person ON spell (person_id, kind, from_on);

-- Where a notice may go. Never a key to an account.
CREATE TABLE contact_point (
    id BYTEA PRIMARY KEY,
    owner_id BYTEA NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('email', 'phone')),
    value_sealed BYTEA NOT NULL,
    value_hash BYTEA NOT NULL,
    notify BOOLEAN NOT NULL,
    confirmed_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX contact_point_owner ON contact_point (owner_id);

CREATE TABLE account (
    id BYTEA PRIMARY KEY,
    owner_kind TEXT NOT NULL CHECK (owner_kind IN ('person', 'staff')),
    owner_id BYTEA NOT NULL UNIQUE,
    username_sealed BYTEA NOT NULL,
    username_hash BYTEA NOT NULL UNIQUE,
    passphrase_hash TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    created_at BIGINT NOT NULL
);

-- Wrong tries by username, known or not, so that a delay tells nobody who has an account.
CREATE TABLE sign_in_delay (
    username_hash BYTEA PRIMARY KEY,
    failures BIGINT NOT NULL,
    wait_until BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- A single-use code that lets its owner choose a username and passphrase.
CREATE TABLE sign_in_code (
    id BYTEA PRIMARY KEY,
    owner_kind TEXT NOT NULL CHECK (owner_kind IN ('person', 'staff')),
    owner_id BYTEA NOT NULL,
    code_hash BYTEA NOT NULL UNIQUE,
    tries BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sign_in_code_owner ON sign_in_code (owner_id);

CREATE TABLE session (
    token_hash BYTEA PRIMARY KEY,
    account_id BYTEA NOT NULL REFERENCES account (id),
    epoch BIGINT NOT NULL,
    door BIGINT NOT NULL,
    own_device BOOLEAN NOT NULL,
    flash TEXT,
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    idle_us BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account_id);

-- The one-time key of every signed-in form that was accepted: the same post twice is one row.
CREATE TABLE form_post (
    account_id BYTEA NOT NULL REFERENCES account (id),
    form_key BYTEA NOT NULL,
    body_hash BYTEA NOT NULL,
    went_to TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, form_key)
);
CREATE INDEX form_post_at ON form_post (at);

-- A thread belongs to the young person, never to a worker.
CREATE TABLE thread (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL UNIQUE REFERENCES person (id),
    last_seq BIGINT NOT NULL,
    waiting_since BIGINT,
    due_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX thread_waiting ON thread (waiting_since);

CREATE TABLE message (
    id BYTEA PRIMARY KEY,
    thread_id BYTEA NOT NULL REFERENCES thread (id),
    seq BIGINT NOT NULL,
    from_kind TEXT NOT NULL CHECK (from_kind IN ('person', 'staff')),
    from_id BYTEA NOT NULL,
    body_sealed BYTEA NOT NULL,
    shown_sealed BYTEA,
    sent_at BIGINT NOT NULL,
    UNIQUE (thread_id, seq)
);

CREATE TABLE message_opened (
    message_id BYTEA NOT NULL REFERENCES message (id),
    by_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (message_id, by_id)
);

CREATE TABLE plan (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    version BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'shared', 'agreed', 'disagreed', 'signed_off')),
    made_by BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    review_on TEXT,
    UNIQUE (person_id, version)
);

CREATE TABLE plan_section (
    id BYTEA PRIMARY KEY,
    plan_id BYTEA NOT NULL REFERENCES plan (id),
    heading TEXT NOT NULL,
    now_sealed BYTEA,
    want_sealed BYTEA,
    agreed_sealed BYTEA,
    UNIQUE (plan_id, heading)
);

CREATE TABLE plan_action (
    id BYTEA PRIMARY KEY,
    plan_id BYTEA NOT NULL REFERENCES plan (id),
    heading TEXT NOT NULL,
    text_sealed BYTEA NOT NULL,
    who_kind TEXT NOT NULL CHECK (who_kind IN ('me', 'staff', 'other')),
    who_sealed BYTEA,
    due_on TEXT,
    state TEXT NOT NULL CHECK (state IN ('not_started', 'doing', 'done', 'dropped')),
    position BIGINT NOT NULL
);
CREATE INDEX plan_action_plan ON plan_action (plan_id, heading, position);

-- Staff edits of the shipped content, one row for each edition of one item.
CREATE TABLE revision (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    lang TEXT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('published', 'withdrawn')),
    body TEXT NOT NULL,
    based_on BYTEA,
    shipped_hash TEXT NOT NULL,
    by_staff BYTEA NOT NULL REFERENCES staff (id),
    at BIGINT NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (kind, item, lang, number)
);

-- Verified is not edited: who, in what role, said that an item is right, and when.
CREATE TABLE confirmation (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    lang TEXT NOT NULL,
    by_role TEXT NOT NULL,
    by_staff BYTEA NOT NULL REFERENCES staff (id),
    body_hash TEXT NOT NULL,
    confirmed_on TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX confirmation_item ON confirmation (kind, item, lang, at);

-- Grows by one with every publish; every instance follows it.
CREATE TABLE published_version (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    n BIGINT NOT NULL
);
INSERT INTO published_version (one, n) VALUES (1, 0);

-- Notices to send. No text and no address: both are read when it is sent.
CREATE TABLE outbox (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    owner_id BYTEA NOT NULL,
    dedupe TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('due', 'leased', 'sent', 'failed', 'cancelled')),
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    lease_until BIGINT,
    last_fault TEXT,
    made_at BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (state, due_at);

-- Who read or changed what. Rows are written unchained, in the transaction of the act itself.
CREATE TABLE audit (
    id BYTEA PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('person', 'staff', 'system', 'nobody')),
    actor_id BYTEA,
    action TEXT NOT NULL,
    person_id BYTEA,
    object_kind TEXT NOT NULL,
    object_id BYTEA,
    relation TEXT NOT NULL,
    many BIGINT NOT NULL,
    reason_sealed BYTEA,
    request TEXT NOT NULL
);
CREATE INDEX audit_person ON audit (person_id, at);
CREATE INDEX audit_actor ON audit (actor_id, at);

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit rows are kept as written and never deleted'; END;
$$;
CREATE TRIGGER audit_kept_as_written BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
