-- Roles as the service has them.
ALTER TABLE staff_role DROP CONSTRAINT staff_role_role_check;
ALTER TABLE staff_role ADD CONSTRAINT staff_role_role_check
    CHECK (role IN ('adviser', 'social_worker', 'duty', 'manager', 'editor', 'service_manager', 'admin'));

-- A phone or computer that somebody said is their own, after a second proof. It opens nothing by itself.
CREATE TABLE device (
    id BYTEA PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    account_id BYTEA NOT NULL REFERENCES account (id),
    browser TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX device_account ON device (account_id);

-- Sessions of before end: they were begun without doors.
DELETE FROM session;
-- What a session is called on the page that ends it; its token and the hash of it are never shown.
ALTER TABLE session ADD COLUMN id BYTEA NOT NULL DEFAULT ''::BYTEA;
-- Until when its owner counts as having just proved who they are.
ALTER TABLE session ADD COLUMN fresh_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';

-- What a second proof is checked against: a code generator on a phone today, a passkey or the
-- council's own sign-on later.
CREATE TABLE second_factor (
    id BYTEA PRIMARY KEY,
    account_id BYTEA NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('totp', 'passkey', 'oidc')),
    secret_sealed BYTEA NOT NULL,
    -- The last step that was used: no code counts twice.
    last_step BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    -- Not one until a first code of it was right.
    confirmed_at BIGINT
);
CREATE INDEX second_factor_account ON second_factor (account_id);

-- Who somebody is elsewhere, when the council's sign-on comes.
CREATE TABLE external_identity (
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id BYTEA NOT NULL REFERENCES account (id),
    made_at BIGINT NOT NULL,
    PRIMARY KEY (provider, subject)
);

-- Six words on paper that open the account once.
CREATE TABLE recovery_card (
    account_id BYTEA PRIMARY KEY REFERENCES account (id),
    words_hash BYTEA NOT NULL,
    made_at BIGINT NOT NULL
);

-- Who gave a code, how they knew who asked, and who else said yes where two must.
ALTER TABLE sign_in_code ADD COLUMN made_by BYTEA REFERENCES staff (id);
ALTER TABLE sign_in_code ADD COLUMN known_by TEXT NOT NULL DEFAULT '';
ALTER TABLE sign_in_code ADD COLUMN needs_second BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sign_in_code ADD COLUMN second_by BYTEA REFERENCES staff (id);

-- The last time that an account was opened again with help, until its owner has read of it.
ALTER TABLE account ADD COLUMN reset_at BIGINT;
ALTER TABLE account ADD COLUMN reset_by BYTEA REFERENCES staff (id);
ALTER TABLE account ADD COLUMN reset_how TEXT;

-- A record that was opened without working with the person: why, and until when.
CREATE TABLE break_glass (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    reason_sealed BYTEA NOT NULL,
    at BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX break_glass_person ON break_glass (person_id, until_at);

-- How a place to send notices to was confirmed, and hours without any.
ALTER TABLE contact_point ADD COLUMN confirmed_how TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN quiet_from TEXT;
ALTER TABLE person ADD COLUMN quiet_to TEXT;

-- What was typed when a session had ended, kept for half an hour.
CREATE TABLE draft (
    account_id BYTEA NOT NULL REFERENCES account (id),
    place TEXT NOT NULL,
    body_sealed BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, place)
);

-- Who cannot sign in and asks to be reached. Each row has a key of its own: with the row goes the key.
CREATE TABLE knock (
    id BYTEA PRIMARY KEY,
    locality TEXT NOT NULL,
    body_sealed BYTEA NOT NULL,
    contact_sealed BYTEA NOT NULL,
    key_wrapped BYTEA NOT NULL,
    body_hash BYTEA NOT NULL,
    urgent BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    taken_by BYTEA REFERENCES staff (id),
    taken_at BIGINT,
    done_by BYTEA REFERENCES staff (id),
    done_at BIGINT
);
CREATE INDEX knock_at ON knock (at);
