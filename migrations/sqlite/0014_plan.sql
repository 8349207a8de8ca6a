-- The pathway plan as it is lived: versions on their way to a signature, words with their history, actions of either side,
-- what the young person says of each part, money, reviews, appointments, letters.

-- A version is shared, submitted to one manager, signed or returned.
ALTER TABLE plan ADD COLUMN shared_at INTEGER;
ALTER TABLE plan ADD COLUMN submitted_to BLOB REFERENCES staff (id);
ALTER TABLE plan ADD COLUMN submitted_by BLOB REFERENCES staff (id);
ALTER TABLE plan ADD COLUMN submitted_at INTEGER;
ALTER TABLE plan ADD COLUMN signed_at INTEGER;
ALTER TABLE plan ADD COLUMN returned_at INTEGER;
ALTER TABLE plan ADD COLUMN returned_sealed BLOB;
ALTER TABLE plan ADD COLUMN restored_from INTEGER;
UPDATE plan SET shared_at = made_at WHERE state <> 'draft';

-- How often a part was written, when last, and who holds the pen of what the young person wants: them, once they wrote.
ALTER TABLE plan_section ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plan_section ADD COLUMN touched_at INTEGER;
ALTER TABLE plan_section ADD COLUMN want_by TEXT NOT NULL DEFAULT 'staff' CHECK (want_by IN ('person', 'staff'));
UPDATE plan_section SET touched_at = (SELECT p.made_at FROM plan p WHERE p.id = plan_section.plan_id);

-- Every text of a part as it was written, for good: what two people who write at once are merged from.
CREATE TABLE plan_edit (
    id BLOB PRIMARY KEY,
    section_id BLOB NOT NULL REFERENCES plan_section (id),
    field TEXT NOT NULL CHECK (field IN ('now', 'want', 'agreed')),
    rev INTEGER NOT NULL,
    text_sealed BLOB NOT NULL,
    by_kind TEXT NOT NULL CHECK (by_kind IN ('person', 'staff')),
    by_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (section_id, rev)
) STRICT;

-- Actions belong to the person and live on from version to version; those of versions before the newest were copies.
CREATE TABLE plan_action_now (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    heading TEXT NOT NULL,
    text_sealed BLOB NOT NULL,
    who_kind TEXT NOT NULL CHECK (who_kind IN ('me', 'staff', 'other')),
    who_sealed BLOB,
    due_on TEXT,
    state TEXT NOT NULL CHECK (state IN ('not_started', 'doing', 'done', 'dropped')),
    why_sealed BLOB,
    private INTEGER NOT NULL CHECK (private IN (0, 1)),
    made_kind TEXT NOT NULL CHECK (made_kind IN ('person', 'staff')),
    made_by BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;
INSERT INTO plan_action_now
SELECT a.id, p.person_id, a.heading, a.text_sealed, a.who_kind, a.who_sealed, a.due_on, a.state, NULL, 0, 'staff', p.made_by,
    p.made_at, p.made_at, a.position
FROM plan_action a JOIN plan p ON p.id = a.plan_id
WHERE p.version = (SELECT MAX(n.version) FROM plan n WHERE n.person_id = p.person_id AND n.state <> 'draft');
DROP TABLE plan_action;
ALTER TABLE plan_action_now RENAME TO plan_action;
CREATE INDEX plan_action_person ON plan_action (person_id, heading, position);

-- What an action was after each change, for good; the one before is where an undo goes back to.
CREATE TABLE action_event (
    id BLOB PRIMARY KEY,
    action_id BLOB NOT NULL REFERENCES plan_action (id),
    n INTEGER NOT NULL,
    by_kind TEXT NOT NULL CHECK (by_kind IN ('person', 'staff')),
    by_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    did TEXT NOT NULL CHECK (did IN ('made', 'changed', 'moved', 'undid', 'shared')),
    text_sealed BLOB NOT NULL,
    who_kind TEXT NOT NULL CHECK (who_kind IN ('me', 'staff', 'other')),
    who_sealed BLOB,
    due_on TEXT,
    state TEXT NOT NULL CHECK (state IN ('not_started', 'doing', 'done', 'dropped')),
    why_sealed BLOB,
    UNIQUE (action_id, n)
) STRICT;

-- What the young person says of a part, for good and of that version.
CREATE TABLE plan_say (
    id BLOB PRIMARY KEY,
    plan_id BLOB NOT NULL REFERENCES plan (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    heading TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('read', 'agree', 'disagree', 'talk')),
    words_sealed BLOB,
    at INTEGER NOT NULL,
    heard_by BLOB REFERENCES staff (id),
    heard_at INTEGER
) STRICT;
CREATE INDEX plan_say_person ON plan_say (person_id, at);
CREATE INDEX plan_say_plan ON plan_say (plan_id, heading, at);

-- Until when a reader knows a plan: what came after `before_at` is new to them on this visit.
CREATE TABLE plan_looked (
    person_id BLOB NOT NULL REFERENCES person (id),
    reader_id BLOB NOT NULL,
    before_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, reader_id)
) STRICT;

-- Money: what somebody is to get, and each payment of it. In pence.
CREATE TABLE money_owed (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    entitlement TEXT,
    name_sealed BLOB NOT NULL,
    pence INTEGER NOT NULL CHECK (pence > 0),
    agreed_on TEXT NOT NULL,
    agreed_by BLOB NOT NULL REFERENCES staff (id),
    at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX money_owed_person ON money_owed (person_id, at);
CREATE TABLE payment (
    id BLOB PRIMARY KEY,
    owed_id BLOB NOT NULL REFERENCES money_owed (id),
    pence INTEGER NOT NULL CHECK (pence > 0),
    paid_on TEXT NOT NULL,
    note_sealed BLOB,
    agreed_by BLOB NOT NULL REFERENCES staff (id),
    at INTEGER NOT NULL,
    undone_at INTEGER,
    undone_by BLOB REFERENCES staff (id)
) STRICT;
CREATE INDEX payment_owed ON payment (owed_id, paid_on);

-- Reviews: what each rests on, by when, and when it was held.
CREATE TABLE review (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    why TEXT NOT NULL CHECK (why IN ('asked', 'set', 'moved', 'lost_home', 'custody', 'left_education', 'disagrees')),
    by_kind TEXT NOT NULL CHECK (by_kind IN ('person', 'staff')),
    by_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    due_on TEXT NOT NULL,
    held_on TEXT,
    held_by BLOB REFERENCES staff (id),
    held_at INTEGER
) STRICT;
CREATE INDEX review_person ON review (person_id, held_on, due_on);
-- Getting ready for one: what to talk about, and questions; kept to oneself until shared.
CREATE TABLE meeting_prep (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    topics TEXT NOT NULL,
    questions_sealed BLOB,
    at INTEGER NOT NULL,
    shared_at INTEGER,
    used_at INTEGER
) STRICT;
CREATE INDEX meeting_prep_person ON meeting_prep (person_id, used_at);
-- Since when somebody is eligible, and when their needs were assessed.
CREATE TABLE assessment (
    person_id BLOB PRIMARY KEY REFERENCES person (id),
    eligible_on TEXT,
    assessed_on TEXT,
    set_by BLOB NOT NULL REFERENCES staff (id),
    set_at INTEGER NOT NULL
) STRICT;

-- What somebody does and whom they call if it goes wrong, in their own words.
CREATE TABLE crisis_plan (
    person_id BLOB PRIMARY KEY REFERENCES person (id),
    signs_sealed BLOB,
    helps_sealed BLOB,
    calls_sealed BLOB,
    place_sealed BLOB,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE appointment (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    what_sealed BLOB NOT NULL,
    who_sealed BLOB,
    where_sealed BLOB,
    way_sealed BLOB,
    starts_at INTEGER NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    made_by BLOB NOT NULL REFERENCES staff (id),
    made_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    cancelled_at INTEGER,
    cannot_at INTEGER,
    cannot_sealed BLOB,
    reminded_at INTEGER
) STRICT;
CREATE INDEX appointment_person ON appointment (person_id, starts_at);
CREATE INDEX appointment_starts ON appointment (starts_at);
-- A private address of a calendar: known by a hash, gone when it is taken back.
CREATE TABLE calendar_feed (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    token_hash BLOB NOT NULL UNIQUE,
    made_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX calendar_feed_person ON calendar_feed (person_id, revoked_at);

-- "Confirmation that I am a care leaver": asked for, approved or not, and to whom it was shown.
CREATE TABLE letter (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    asked_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'refused')),
    decided_by BLOB REFERENCES staff (id),
    decided_at INTEGER,
    why_sealed BLOB
) STRICT;
CREATE INDEX letter_person ON letter (person_id, asked_at);
CREATE TABLE letter_use (
    id BLOB PRIMARY KEY,
    letter_id BLOB NOT NULL REFERENCES letter (id),
    to_sealed BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX letter_use_letter ON letter_use (letter_id, at);
