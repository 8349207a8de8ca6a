-- Files of the case system while their administrator looks at what would become of them: for an hour. Each row has a
-- key of its own: with the row goes the key.
CREATE TABLE import_file (
    id BLOB PRIMARY KEY,
    staff_id BLOB NOT NULL REFERENCES staff (id),
    body_sealed BLOB NOT NULL,
    key_wrapped BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
