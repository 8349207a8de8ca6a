-- What the public tells us of a page. Each row has a key of its own: with the row goes the key, and
-- no copy of the words can be read any more.
CREATE TABLE feedback (
    id BLOB PRIMARY KEY,
    about TEXT NOT NULL,
    body_sealed BLOB NOT NULL,
    contact_sealed BLOB,
    key_wrapped BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('new', 'seen', 'done')),
    at INTEGER NOT NULL,
    seen_by BLOB REFERENCES staff (id),
    seen_at INTEGER,
    done_by BLOB REFERENCES staff (id),
    done_at INTEGER,
    -- Written by staff, for staff: nothing of whoever wrote to us belongs here.
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX feedback_at ON feedback (at);
CREATE INDEX feedback_about ON feedback (about, state);
