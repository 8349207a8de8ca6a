-- Files of the case system while their administrator looks at what would become of them: for an hour. Each row has a
-- key of its own: with the row goes the key.
CREATE TABLE import_file (
    id BYTEA PRIMARY KEY,
    staff_id BYTEA NOT NULL REFERENCES staff (id),
    body_sealed BYTEA NOT NULL,
    key_wrapped BYTEA NOT NULL,
    at BIGINT NOT NULL
);
