-- Roles as the service has them. A table with a check on its words is made again to widen it.
CREATE TABLE staff_role_again (
    staff_id BLOB NOT NULL REFERENCES staff (id),
    role TEXT NOT NULL CHECK (role IN ('adviser', 'social_worker', 'duty', 'manager', 'editor', 'service_manager', 'admin')),
    from_at INTEGER NOT NULL,
    to_at INTEGER,
    PRIMARY KEY (staff_id, role, from_at)
) STRICT;
INSERT INTO staff_role_again (staff_id, role, from_at, to_at) SELECT staff_id, role, from_at, to_at FROM staff_role;
DROP TABLE staff_role;
ALTER TABLE staff_role_again RENAME TO staff_role;

-- A phone or computer that somebody said is their own, after a second proof. It opens nothing by itself.
CREATE TABLE device (
    id BLOB PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES account (id),
    browser TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) STRICT;
CREATE INDEX device_account ON device (account_id);

-- Sessions of before end: they were begun without doors.
DELETE FROM session;
-- What a session is called on the page that ends it; its token and the hash of it are never shown.
ALTER TABLE session ADD COLUMN id BLOB NOT NULL DEFAULT x'';
-- Until when its owner counts as having just proved who they are.
ALTER TABLE session ADD COLUMN fresh_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';

-- What a second proof is checked against: a code generator on a phone today, a passkey or the
-- council's own sign-on later.
CREATE TABLE second_factor (
    id BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('totp', 'passkey', 'oidc')),
    secret_sealed BLOB NOT NULL,
    -- The last step that was used: no code counts twice.
    last_step INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    -- Not one until a first code of it was right.
    confirmed_at INTEGER
) STRICT;
CREATE INDEX second_factor_account ON second_factor (account_id);

-- Who somebody is elsewhere, when the council's sign-on comes.
CREATE TABLE external_identity (
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    made_at INTEGER NOT NULL,
    PRIMARY KEY (provider, subject)
) STRICT;

-- Six words on paper that open the account once.
CREATE TABLE recovery_card (
    account_id BLOB PRIMARY KEY REFERENCES account (id),
    words_hash BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- Who gave a code, how they knew who asked, and who else said yes where two must.
ALTER TABLE sign_in_code ADD COLUMN made_by BLOB REFERENCES staff (id);
ALTER TABLE sign_in_code ADD COLUMN known_by TEXT NOT NULL DEFAULT '';
ALTER TABLE sign_in_code ADD COLUMN needs_second INTEGER NOT NULL DEFAULT 0 CHECK (needs_second IN (0, 1));
ALTER TABLE sign_in_code ADD COLUMN second_by BLOB REFERENCES staff (id);

-- The last time that an account was opened again with help, until its owner has read of it.
ALTER TABLE account ADD COLUMN reset_at INTEGER;
ALTER TABLE account ADD COLUMN reset_by BLOB REFERENCES staff (id);
ALTER TABLE account ADD COLUMN reset_how TEXT;

-- A record that was opened without working with the person: why, and until when.
CREATE TABLE break_glass (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    staff_id BLOB NOT NULL REFERENCES staff (id),
    reason_sealed BLOB NOT NULL,
    at INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) STRICT;
CREATE INDEX break_glass_person ON break_glass (person_id, until_at);

-- How a place to send notices to was confirmed, and hours without any.
ALTER TABLE contact_point ADD COLUMN confirmed_how TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN quiet_from TEXT;
ALTER TABLE person ADD COLUMN quiet_to TEXT;

-- What was typed when a session had ended, kept for half an hour.
CREATE TABLE draft (
    account_id BLOB NOT NULL REFERENCES account (id),
    place TEXT NOT NULL,
    body_sealed BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, place)
) STRICT;

-- Who cannot sign in and asks to be reached. Each row has a key of its own: with the row goes the key.
CREATE TABLE knock (
    id BLOB PRIMARY KEY,
    locality TEXT NOT NULL,
    body_sealed BLOB NOT NULL,
    contact_sealed BLOB NOT NULL,
    key_wrapped BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    at INTEGER NOT NULL,
    taken_by BLOB REFERENCES staff (id),
    taken_at INTEGER,
    done_by BLOB REFERENCES staff (id),
    done_at INTEGER
) STRICT;
CREATE INDEX knock_at ON knock (at);
