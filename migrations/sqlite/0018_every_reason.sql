-- When and why a manager gave a version back, each time, for good. The row of the version says only the last.
ALTER TABLE plan_submitted ADD COLUMN returned_at INTEGER;
ALTER TABLE plan_submitted ADD COLUMN returned_sealed BLOB;
