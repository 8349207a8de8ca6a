-- When somebody works, in London. Somebody without a row of theirs works the service's own hours.
CREATE TABLE working_hours (
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_time TEXT NOT NULL,
    to_time TEXT NOT NULL,
    PRIMARY KEY (staff_id, weekday)
);

-- Who is away, first day and last, and who stands in for them. Without a row that holds today they are here.
CREATE TABLE absence (
    id BYTEA PRIMARY KEY,
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    cover_id BYTEA REFERENCES staff (id),
    made_by BYTEA NOT NULL REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    -- Back earlier, or planned and taken back.
    ended_at BIGINT
);
CREATE INDEX absence_days ON absence (to_on, from_on);

-- What stands in a thread: words to each other; notes between workers; that they spoke; that somebody will do
-- something by a day; and what the service tells of itself.
ALTER TABLE message ADD COLUMN kind TEXT NOT NULL DEFAULT 'message' CHECK (kind IN ('message', 'note', 'contact', 'promise', 'news'));
-- By which day it is promised; on which day they spoke.
ALTER TABLE message ADD COLUMN day_on TEXT;
-- How they spoke.
ALTER TABLE message ADD COLUMN how TEXT;

-- When anything in it last changed: what whoever looks at it live goes by.
ALTER TABLE thread ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX thread_changed ON thread (changed_at);
-- Who waits, by when they are to be answered.
CREATE INDEX thread_due ON thread (due_at);

-- What somebody does not want to see any more. It stays in the record.
CREATE TABLE message_hidden (
    message_id BYTEA NOT NULL REFERENCES message (id),
    by_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (message_id, by_id)
);

-- A worker's own marks on a person's thread: to be read again, not before a day, to be looked at on a day.
CREATE TABLE thread_mark (
    person_id BYTEA NOT NULL REFERENCES person (id),
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    unread BOOLEAN NOT NULL,
    snoozed_to TEXT,
    follow_up_on TEXT,
    PRIMARY KEY (person_id, staff_id)
);
CREATE INDEX thread_mark_staff ON thread_mark (staff_id);

-- A message whose words sound like danger, until a worker has looked. No score and no words.
CREATE TABLE crisis_flag (
    message_id BYTEA PRIMARY KEY REFERENCES message (id),
    person_id BYTEA NOT NULL REFERENCES person (id),
    at BIGINT NOT NULL,
    cleared_by BYTEA REFERENCES staff (id),
    cleared_at BIGINT
);
CREATE INDEX crisis_flag_person ON crisis_flag (person_id, cleared_at);

-- Whom a wait that grew too long was taken to: once each.
CREATE TABLE escalation (
    thread_id BYTEA NOT NULL REFERENCES thread (id),
    waiting_since BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('nudge', 'duty', 'manager')),
    at BIGINT NOT NULL,
    PRIMARY KEY (thread_id, waiting_since, due_at, step)
);

-- A change of adviser that comes on a day, or came.
CREATE TABLE hand_over (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    from_id BYTEA NOT NULL REFERENCES staff (id),
    to_id BYTEA NOT NULL REFERENCES staff (id),
    day_on TEXT NOT NULL,
    made_by BYTEA NOT NULL REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    done_at BIGINT,
    dropped_at BIGINT
);
CREATE INDEX hand_over_day ON hand_over (day_on);
CREATE INDEX hand_over_person ON hand_over (person_id);

-- What somebody wants whoever works with them to know, in their own words, on one page.
ALTER TABLE person ADD COLUMN profile_sealed BYTEA;

-- Drafts are kept until they are sent, or as long as this says. On a phone that others use: in one visit only.
CREATE TABLE draft_again (
    account_id BYTEA NOT NULL REFERENCES account (id),
    place TEXT NOT NULL,
    -- The session of that visit; empty: wherever its owner has come in far enough.
    only_in BYTEA NOT NULL,
    body_sealed BYTEA NOT NULL,
    at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, place, only_in)
);
INSERT INTO draft_again (account_id, place, only_in, body_sealed, at, until_at)
    SELECT account_id, place, '', body_sealed, at, at + 1800000000 FROM draft;
DROP TABLE draft;
ALTER TABLE draft_again RENAME TO draft;
