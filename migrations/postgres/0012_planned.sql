-- Words that a worker uses again and again: theirs alone, sealed with their own key.
CREATE TABLE template (
    id BYTEA PRIMARY KEY,
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    name_sealed BYTEA NOT NULL,
    body_sealed BYTEA NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX template_staff ON template (staff_id);

-- A message of a worker that is sent later: as an answer of whoever is its sender then, once.
CREATE TABLE planned (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    -- Who sends it; another than who wrote it after a hand-over.
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    written_by BYTEA NOT NULL REFERENCES staff (id),
    -- As the person will read it, sealed with their key.
    body_sealed BYTEA NOT NULL,
    send_at BIGINT NOT NULL,
    -- Held: its sender could not answer the person any more when its time came.
    state TEXT NOT NULL CHECK (state IN ('due', 'sent', 'cancelled', 'held')),
    -- Those that were written to several people at once.
    group_id BYTEA,
    made_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE INDEX planned_due ON planned (state, send_at);
CREATE INDEX planned_person ON planned (person_id, state);
CREATE INDEX planned_staff ON planned (staff_id, state);
