-- To whom a version was submitted, by whom and when, for good. The row of the version says only with whom it lies now.
CREATE TABLE plan_submitted (
    id BLOB PRIMARY KEY,
    plan_id BLOB NOT NULL REFERENCES plan (id),
    to_id BLOB NOT NULL REFERENCES staff (id),
    by_id BLOB NOT NULL REFERENCES staff (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX plan_submitted_plan ON plan_submitted (plan_id, at);
INSERT INTO plan_submitted (id, plan_id, to_id, by_id, at)
SELECT id, id, submitted_to, submitted_by, submitted_at FROM plan
WHERE submitted_to IS NOT NULL AND submitted_by IS NOT NULL AND submitted_at IS NOT NULL;
