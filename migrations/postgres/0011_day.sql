-- Messages by kind, and those of each side by time: what a list of people is drawn from.
CREATE INDEX message_kind ON message (thread_id, kind, how, day_on, seq);
CREATE INDEX message_side ON message (thread_id, from_kind, sent_at, seq);

-- A quick check-in: a message, and what was pressed.
CREATE TABLE check_in (
    message_id BYTEA PRIMARY KEY REFERENCES message (id),
    person_id BYTEA NOT NULL REFERENCES person (id),
    feel TEXT NOT NULL CHECK (feel IN ('good', 'okay', 'hard')),
    call BOOLEAN NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX check_in_person ON check_in (person_id, at);

-- How often somebody is asked for a check-in, in days, and at least how often they are spoken with, in weeks, as was
-- agreed with them.
CREATE TABLE rhythm (
    person_id BYTEA PRIMARY KEY REFERENCES person (id),
    check_in_days BIGINT,
    contact_weeks BIGINT,
    from_on TEXT NOT NULL,
    set_by BYTEA NOT NULL REFERENCES staff (id),
    set_at BIGINT NOT NULL
);

-- What a worker has taken off their own list of today: which kind of row, and for which day it stood there.
CREATE TABLE day_done (
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    person_id BYTEA NOT NULL REFERENCES person (id),
    why TEXT NOT NULL,
    day_on TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (staff_id, person_id, why, day_on)
);

-- A home: whether the council provides it (section 23B or 24B of the Children Act 1989), which is what visits by law
-- go by, and whether it is suitable. Empty: not known.
ALTER TABLE spell ADD COLUMN provided BOOLEAN;
ALTER TABLE spell ADD COLUMN suitable BOOLEAN;
-- Who wrote it down, and when; empty for what an import brought.
ALTER TABLE spell ADD COLUMN set_by BYTEA REFERENCES staff (id);
ALTER TABLE spell ADD COLUMN set_at BIGINT;
