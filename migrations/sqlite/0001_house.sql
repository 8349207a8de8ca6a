-- Conventions: ids are 16 random bytes; *_at is UTC microseconds; *_on is a civil date, YYYY-MM-DD;
-- *_sealed is encrypted by `vault` (its table lists every such column); *_hash is a keyed hash for look-up.

-- Which kind of database this is. Written once, by the first start.
CREATE TABLE instance (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    kind TEXT NOT NULL CHECK (kind IN ('live', 'demo')),
    key_check BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- One key for each person and each member of staff, wrapped by the key outside the database.
CREATE TABLE seal_key (
    owner_id BLOB PRIMARY KEY,
    wrapped BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- A locality team. Its duty desk takes what has no live owner.
CREATE TABLE team (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    locality TEXT NOT NULL,
    council TEXT NOT NULL,
    duty_desk TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE person (
    id BLOB PRIMARY KEY,
    team_id BLOB NOT NULL REFERENCES team (id),
    name_sealed BLOB NOT NULL,
    called_sealed BLOB NOT NULL,
    born_on TEXT NOT NULL,
    look_up_hash BLOB NOT NULL,
    case_hash BLOB UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('active', 'closed')),
    safety_flag INTEGER NOT NULL CHECK (safety_flag IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX person_look_up ON person (look_up_hash);

CREATE TABLE staff (
    id BLOB PRIMARY KEY,
    name_sealed BLOB NOT NULL,
    email_hash BLOB UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'left')),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE staff_role (
    staff_id BLOB NOT NULL REFERENCES staff (id),
    role TEXT NOT NULL CHECK (role IN ('adviser', 'editor', 'manager', 'admin')),
    from_at INTEGER NOT NULL,
    to_at INTEGER,
    PRIMARY KEY (staff_id, role, from_at)
) STRICT;

CREATE TABLE team_member (
    team_id BLOB NOT NULL REFERENCES team (id),
    staff_id BLOB NOT NULL REFERENCES staff (id),
    duty INTEGER NOT NULL CHECK (duty IN (0, 1)),
    from_at INTEGER NOT NULL,
    to_at INTEGER,
    PRIMARY KEY (team_id, staff_id, from_at)
) STRICT;

-- Who works with whom. Several at once; one of them leads on messages.
CREATE TABLE assignment (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    staff_id BLOB NOT NULL REFERENCES staff (id),
    kind TEXT NOT NULL CHECK (kind IN ('pa', 'social_worker', 'cover', 'duty', 'manager')),
    lead INTEGER NOT NULL CHECK (lead IN (0, 1)),
    from_at INTEGER NOT NULL,
    to_at INTEGER
) STRICT;
CREATE INDEX assignment_staff ON assignment (staff_id, to_at);
CREATE INDEX assignment_person ON assignment (person_id, to_at);
CREATE UNIQUE INDEX assignment_one_lead ON assignment (person_id) WHERE lead AND to_at IS NULL;

-- History of a person's circumstances: a new spell ends the old one, nothing is overwritten.
CREATE TABLE spell (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('legal_group', 'district', 'home', 'education_work', 'health_assessment')),
    value TEXT NOT NULL,
    detail_sealed BLOB,
    from_on TEXT NOT NULL,
    to_on TEXT
) STRICT;
CREATE INDEX spell_person ON spell (person_id, kind, from_on);

-- Where a notice may go. Never a key to an account.
CREATE TABLE contact_point (
    id BLOB PRIMARY KEY,
    owner_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('email', 'phone')),
    value_sealed BLOB NOT NULL,
    value_hash BLOB NOT NULL,
    notify INTEGER NOT NULL CHECK (notify IN (0, 1)),
    confirmed_at INTEGER,
    ended_at INTEGER
) STRICT;
CREATE INDEX contact_point_owner ON contact_point (owner_id);

CREATE TABLE account (
    id BLOB PRIMARY KEY,
    owner_kind TEXT NOT NULL CHECK (owner_kind IN ('person', 'staff')),
    owner_id BLOB NOT NULL UNIQUE,
    username_sealed BLOB NOT NULL,
    username_hash BLOB NOT NULL UNIQUE,
    passphrase_hash TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    created_at INTEGER NOT NULL
) STRICT;

-- Wrong tries by username, known or not, so that a delay tells nobody who has an account.
CREATE TABLE sign_in_delay (
    username_hash BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    wait_until INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;

-- A single-use code that lets its owner choose a username and passphrase.
CREATE TABLE sign_in_code (
    id BLOB PRIMARY KEY,
    owner_kind TEXT NOT NULL CHECK (owner_kind IN ('person', 'staff')),
    owner_id BLOB NOT NULL,
    code_hash BLOB NOT NULL UNIQUE,
    tries INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX sign_in_code_owner ON sign_in_code (owner_id);

CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    epoch INTEGER NOT NULL,
    door INTEGER NOT NULL,
    own_device INTEGER NOT NULL CHECK (own_device IN (0, 1)),
    flash TEXT,
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    idle_us INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account_id);

-- The one-time key of every signed-in form that was accepted: the same post twice is one row.
CREATE TABLE form_post (
    account_id BLOB NOT NULL REFERENCES account (id),
    form_key BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    went_to TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, form_key)
) STRICT;
CREATE INDEX form_post_at ON form_post (at);

-- A thread belongs to the young person, never to a worker.
CREATE TABLE thread (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL UNIQUE REFERENCES person (id),
    last_seq INTEGER NOT NULL,
    waiting_since INTEGER,
    due_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX thread_waiting ON thread (waiting_since);

CREATE TABLE message (
    id BLOB PRIMARY KEY,
    thread_id BLOB NOT NULL REFERENCES thread (id),
    seq INTEGER NOT NULL,
    from_kind TEXT NOT NULL CHECK (from_kind IN ('person', 'staff')),
    from_id BLOB NOT NULL,
    body_sealed BLOB NOT NULL,
    shown_sealed BLOB,
    sent_at INTEGER NOT NULL,
    UNIQUE (thread_id, seq)
) STRICT;

CREATE TABLE message_opened (
    message_id BLOB NOT NULL REFERENCES message (id),
    by_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (message_id, by_id)
) STRICT;

CREATE TABLE plan (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'shared', 'agreed', 'disagreed', 'signed_off')),
    made_by BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    review_on TEXT,
    UNIQUE (person_id, version)
) STRICT;

CREATE TABLE plan_section (
    id BLOB PRIMARY KEY,
    plan_id BLOB NOT NULL REFERENCES plan (id),
    heading TEXT NOT NULL,
    now_sealed BLOB,
    want_sealed BLOB,
    agreed_sealed BLOB,
    UNIQUE (plan_id, heading)
) STRICT;

CREATE TABLE plan_action (
    id BLOB PRIMARY KEY,
    plan_id BLOB NOT NULL REFERENCES plan (id),
    heading TEXT NOT NULL,
    text_sealed BLOB NOT NULL,
    who_kind TEXT NOT NULL CHECK (who_kind IN ('me', 'staff', 'other')),
    who_sealed BLOB,
    due_on TEXT,
    state TEXT NOT NULL CHECK (state IN ('not_started', 'doing', 'done', 'dropped')),
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX plan_action_plan ON plan_action (plan_id, heading, position);

-- Staff edits of the shipped content, one row for each edition of one item.
CREATE TABLE revision (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    lang TEXT NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('published', 'withdrawn')),
    body TEXT NOT NULL,
    based_on BLOB,
    shipped_hash TEXT NOT NULL,
    by_staff BLOB NOT NULL REFERENCES staff (id),
    at INTEGER NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (kind, item, lang, number)
) STRICT;

-- Verified is not edited: who, in what role, said that an item is right, and when.
CREATE TABLE confirmation (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    lang TEXT NOT NULL,
    by_role TEXT NOT NULL,
    by_staff BLOB NOT NULL REFERENCES staff (id),
    body_hash TEXT NOT NULL,
    confirmed_on TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX confirmation_item ON confirmation (kind, item, lang, at);

-- Grows by one with every publish; every instance follows it.
CREATE TABLE published_version (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    n INTEGER NOT NULL
) STRICT;
INSERT INTO published_version (one, n) VALUES (1, 0);

-- Notices to send. No text and no address: both are read when it is sent.
CREATE TABLE outbox (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    owner_id BLOB NOT NULL,
    dedupe TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('due', 'leased', 'sent', 'failed', 'cancelled')),
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease_until INTEGER,
    last_fault TEXT,
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (state, due_at);

-- Who read or changed what. Rows are written unchained, in the transaction of the act itself.
CREATE TABLE audit (
    id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('person', 'staff', 'system', 'nobody')),
    actor_id BLOB,
    action TEXT NOT NULL,
    person_id BLOB,
    object_kind TEXT NOT NULL,
    object_id BLOB,
    relation TEXT NOT NULL,
    many INTEGER NOT NULL,
    reason_sealed BLOB,
    request TEXT NOT NULL
) STRICT;
CREATE INDEX audit_person ON audit (person_id, at);
CREATE INDEX audit_actor ON audit (actor_id, at);

CREATE TRIGGER audit_kept_as_written BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are kept as written'); END;
CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;
