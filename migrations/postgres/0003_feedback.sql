-- What the public tells us of a page. Each row has a key of its own: with the row goes the key, and
-- no copy of the words can be read any more.
CREATE TABLE feedback (
    id BYTEA PRIMARY KEY,
    about TEXT NOT NULL,
    body_sealed BYTEA NOT NULL,
    contact_sealed BYTEA,
    key_wrapped BYTEA NOT NULL,
    body_hash BYTEA NOT NULL,
    urgent BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'seen', 'done')),
    at BIGINT NOT NULL,
    seen_by BYTEA REFERENCES staff (id),
    seen_at BIGINT,
    done_by BYTEA REFERENCES staff (id),
    done_at BIGINT,
    -- Written by staff, for staff: nothing of whoever wrote to us belongs here.
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX feedback_at ON feedback (at);
CREATE INDEX feedback_about ON feedback (about, state);
