-- Messages by kind, and those of each side by time: what a list of people is drawn from.
CREATE INDEX message_kind ON message (thread_id, kind, how, day_on, seq);
CREATE INDEX message_side ON message (thread_id, from_kind, sent_at, seq);

-- A quick check-in: a message, and what was pressed.
CREATE TABLE check_in (
    message_id BLOB PRIMARY KEY REFERENCES message (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    feel TEXT NOT NULL CHECK (feel IN ('good', 'okay', 'hard')),
    call INTEGER NOT NULL CHECK (call IN (0, 1)),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX check_in_person ON check_in (person_id, at);

-- How often somebody is asked for a check-in, in days, and at least how often they are spoken with, in weeks, as was
-- agreed with them.
CREATE TABLE rhythm (
    person_id BLOB PRIMARY KEY REFERENCES person (id),
    check_in_days INTEGER,
    contact_weeks INTEGER,
    from_on TEXT NOT NULL,
    set_by BLOB NOT NULL REFERENCES staff (id),
    set_at INTEGER NOT NULL
) STRICT;

-- What a worker has taken off their own list of today: which kind of row, and for which day it stood there.
CREATE TABLE day_done (
    staff_id BLOB NOT NULL REFERENCES staff (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    why TEXT NOT NULL,
    day_on TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (staff_id, person_id, why, day_on)
) STRICT;

-- A home: whether the council provides it (section 23B or 24B of the Children Act 1989), which is what visits by law
-- go by, and whether it is suitable. Empty: not known.
ALTER TABLE spell ADD COLUMN provided INTEGER CHECK (provided IN (0, 1));
ALTER TABLE spell ADD COLUMN suitable INTEGER CHECK (suitable IN (0, 1));
-- Who wrote it down, and when; empty for what an import brought.
ALTER TABLE spell ADD COLUMN set_by BLOB REFERENCES staff (id);
ALTER TABLE spell ADD COLUMN set_at INTEGER;
