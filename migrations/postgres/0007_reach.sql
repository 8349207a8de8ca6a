-- A code that was sent to an address: to confirm the address, as a second proof, or as a way back in.
-- The code itself is made from the row's id and the key outside the database, so none is kept. Who asks
-- for a name that is not there, or has no address, leaves the same row without one: it takes as long.
CREATE TABLE sent_code (
    id BYTEA PRIMARY KEY,
    asked_hash BYTEA NOT NULL,
    contact_id BYTEA REFERENCES contact_point (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('confirm', 'prove', 'recover')),
    tries BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sent_code_asked ON sent_code (asked_hash, made_at);

-- Opened again by a sent code alone: the last door takes one more road, a worker's code or the card.
ALTER TABLE account ADD COLUMN one_road BOOLEAN NOT NULL DEFAULT FALSE;
