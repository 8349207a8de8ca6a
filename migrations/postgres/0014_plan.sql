-- The pathway plan as it is lived: versions on their way to a signature, words with their history, actions of either side,
-- what the young person says of each part, money, reviews, appointments, letters.

-- A version is shared, submitted to one manager, signed or returned.
ALTER TABLE plan ADD COLUMN shared_at BIGINT;
ALTER TABLE plan ADD COLUMN submitted_to BYTEA REFERENCES staff (id);
ALTER TABLE plan ADD COLUMN submitted_by BYTEA REFERENCES staff (id);
ALTER TABLE plan ADD COLUMN submitted_at BIGINT;
ALTER TABLE plan ADD COLUMN signed_at BIGINT;
ALTER TABLE plan ADD COLUMN returned_at BIGINT;
ALTER TABLE plan ADD COLUMN returned_sealed BYTEA;
ALTER TABLE plan ADD COLUMN restored_from BIGINT;
UPDATE plan SET shared_at = made_at WHERE state <> 'draft';

-- How often a part was written, when last, and who holds the pen of what the young person wants: them, once they wrote.
ALTER TABLE plan_section ADD COLUMN rev BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plan_section ADD COLUMN touched_at BIGINT;
ALTER TABLE plan_section ADD COLUMN want_by TEXT NOT NULL DEFAULT 'staff' CHECK (want_by IN ('person', 'staff'));
UPDATE plan_section SET touched_at = (SELECT p.made_at FROM plan p WHERE p.id = plan_section.plan_id);

-- Every text of a part as it was written, for good: what two people who write at once are merged from.
CREATE TABLE plan_edit (
    id BYTEA PRIMARY KEY,
    section_id BYTEA NOT NULL REFERENCES plan_section (id),
    field TEXT NOT NULL CHECK (field IN ('now', 'want', 'agreed')),
    rev BIGINT NOT NULL,
    text_sealed BYTEA NOT NULL,
    by_kind TEXT NOT NULL CHECK (by_kind IN ('person', 'staff')),
    by_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (section_id, rev)
);

-- Actions belong to the person and live on from version to version; those of versions before the newest were copies.
CREATE TABLE plan_action_now (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    heading TEXT NOT NULL,
    text_sealed BYTEA NOT NULL,
    who_kind TEXT NOT NULL CHECK (who_kind IN ('me', 'staff', 'other')),
    who_sealed BYTEA,
    due_on TEXT,
    state TEXT NOT NULL CHECK (state IN ('not_started', 'doing', 'done', 'dropped')),
    why_sealed BYTEA,
    private BOOLEAN NOT NULL,
    made_kind TEXT NOT NULL CHECK (made_kind IN ('person', 'staff')),
    made_by BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    position BIGINT NOT NULL
);
INSERT INTO plan_action_now
SELECT a.id, p.person_id, a.heading, a.text_sealed, a.who_kind, a.who_sealed, a.due_on, a.state, NULL, FALSE, 'staff', p.made_by,
    p.made_at, p.made_at, a.position
FROM plan_action a JOIN plan p ON p.id = a.plan_id
WHERE p.version = (SELECT MAX(n.version) FROM plan n WHERE n.person_id = p.person_id AND n.state <> 'draft');
DROP TABLE plan_action;
ALTER TABLE plan_action_now RENAME TO plan_action;
CREATE INDEX plan_action_person ON plan_action (person_id, heading, position);

-- What an action was after each change, for good; the one before is where an undo goes back to.
CREATE TABLE action_event (
    id BYTEA PRIMARY KEY,
    action_id BYTEA NOT NULL REFERENCES plan_action (id),
    n BIGINT NOT NULL,
    by_kind TEXT NOT NULL CHECK (by_kind IN ('person', 'staff')),
    by_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    did TEXT NOT NULL CHECK (did IN ('made', 'changed', 'moved', 'undid', 'shared')),
    text_sealed BYTEA NOT NULL,
    who_kind TEXT NOT NULL CHECK (who_kind IN ('me', 'staff', 'other')),
    who_sealed BYTEA,
    due_on TEXT,
    state TEXT NOT NULL CHECK (state IN ('not_started', 'doing', 'done', 'dropped')),
    why_sealed BYTEA,
    UNIQUE (action_id, n)
);

-- What the young person says of a part, for good and of that version.
CREATE TABLE plan_say (
    id BYTEA PRIMARY KEY,
    plan_id BYTEA NOT NULL REFERENCES plan (id),
    person_id BYTEA NOT NULL REFERENCES person (id),
    heading TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('read', 'agree', 'disagree', 'talk')),
    words_sealed BYTEA,
    at BIGINT NOT NULL,
    heard_by BYTEA REFERENCES staff (id),
    heard_at BIGINT
);
CREATE INDEX plan_say_person ON plan_say (person_id, at);
CREATE INDEX plan_say_plan ON plan_say (plan_id, heading, at);

-- Until when a reader knows a plan: what came after `before_at` is new to them on this visit.
CREATE TABLE plan_looked (
    person_id BYTEA NOT NULL REFERENCES person (id),
    reader_id BYTEA NOT NULL,
    before_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, reader_id)
);

-- Money: what somebody is to get, and each payment of it. In pence.
CREATE TABLE money_owed (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    entitlement TEXT,
    name_sealed BYTEA NOT NULL,
    pence BIGINT NOT NULL CHECK (pence > 0),
    agreed_on TEXT NOT NULL,
    agreed_by BYTEA NOT NULL REFERENCES staff (id),
    at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX money_owed_person ON money_owed (person_id, at);
CREATE TABLE payment (
    id BYTEA PRIMARY KEY,
    owed_id BYTEA NOT NULL REFERENCES money_owed (id),
    pence BIGINT NOT NULL CHECK (pence > 0),
    paid_on TEXT NOT NULL,
    note_sealed BYTEA,
    agreed_by BYTEA NOT NULL REFERENCES staff (id),
    at BIGINT NOT NULL,
    undone_at BIGINT,
    undone_by BYTEA REFERENCES staff (id)
);
CREATE INDEX payment_owed ON payment (owed_id, paid_on);

-- Reviews: what each rests on, by when, and when it was held.
CREATE TABLE review (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    why TEXT NOT NULL CHECK (why IN ('asked', 'set', 'moved', 'lost_home', 'custody', 'left_education', 'disagrees')),
    by_kind TEXT NOT NULL CHECK (by_kind IN ('person', 'staff')),
    by_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    due_on TEXT NOT NULL,
    held_on TEXT,
    held_by BYTEA REFERENCES staff (id),
    held_at BIGINT
);
CREATE INDEX review_person ON review (person_id, held_on, due_on);
-- Getting ready for one: what to talk about, and questions; kept to oneself until shared.
CREATE TABLE meeting_prep (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    topics TEXT NOT NULL,
    questions_sealed BYTEA,
    at BIGINT NOT NULL,
    shared_at BIGINT,
    used_at BIGINT
);
CREATE INDEX meeting_prep_person ON meeting_prep (person_id, used_at);
-- Since when somebody is eligible, and when their needs were assessed.
CREATE TABLE assessment (
    person_id BYTEA PRIMARY KEY REFERENCES person (id),
    eligible_on TEXT,
    assessed_on TEXT,
    set_by BYTEA NOT NULL REFERENCES staff (id),
    set_at BIGINT NOT NULL
);

-- What somebody does and whom they call if it goes wrong, in their own words.
CREATE TABLE crisis_plan (
    person_id BYTEA PRIMARY KEY REFERENCES person (id),
    signs_sealed BYTEA,
    helps_sealed BYTEA,
    calls_sealed BYTEA,
    place_sealed BYTEA,
    at BIGINT NOT NULL
);

CREATE TABLE appointment (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    what_sealed BYTEA NOT NULL,
    who_sealed BYTEA,
    where_sealed BYTEA,
    way_sealed BYTEA,
    starts_at BIGINT NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes > 0),
    made_by BYTEA NOT NULL REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    cancelled_at BIGINT,
    cannot_at BIGINT,
    cannot_sealed BYTEA,
    reminded_at BIGINT
);
CREATE INDEX appointment_person ON appointment (person_id, starts_at);
CREATE INDEX appointment_starts ON appointment (starts_at);
-- A private address of a calendar: known by a hash, gone when it is taken back.
CREATE TABLE calendar_feed (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    token_hash BYTEA NOT NULL UNIQUE,
    made_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX calendar_feed_person ON calendar_feed (person_id, revoked_at);

-- "Confirmation that I am a care leaver": asked for, approved or not, and to whom it was shown.
CREATE TABLE letter (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'refused')),
    decided_by BYTEA REFERENCES staff (id),
    decided_at BIGINT,
    why_sealed BYTEA
);
CREATE INDEX letter_person ON letter (person_id, asked_at);
CREATE TABLE letter_use (
    id BYTEA PRIMARY KEY,
    letter_id BYTEA NOT NULL REFERENCES letter (id),
    to_sealed BYTEA NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX letter_use_letter ON letter_use (letter_id, at);
