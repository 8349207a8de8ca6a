-- Words that a worker uses again and again: theirs alone, sealed with their own key.
CREATE TABLE template (
    id BLOB PRIMARY KEY,
    staff_id BLOB NOT NULL REFERENCES staff (id),
    name_sealed BLOB NOT NULL,
    body_sealed BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX template_staff ON template (staff_id);

-- A message of a worker that is sent later: as an answer of whoever is its sender then, once.
CREATE TABLE planned (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    -- Who sends it; another than who wrote it after a hand-over.
    staff_id BLOB NOT NULL REFERENCES staff (id),
    written_by BLOB NOT NULL REFERENCES staff (id),
    -- As the person will read it, sealed with their key.
    body_sealed BLOB NOT NULL,
    send_at INTEGER NOT NULL,
    -- Held: its sender could not answer the person any more when its time came.
    state TEXT NOT NULL CHECK (state IN ('due', 'sent', 'cancelled', 'held')),
    -- Those that were written to several people at once.
    group_id BLOB,
    made_at INTEGER NOT NULL,
    settled_at INTEGER
) STRICT;
CREATE INDEX planned_due ON planned (state, send_at);
CREATE INDEX planned_person ON planned (person_id, state);
CREATE INDEX planned_staff ON planned (staff_id, state);
