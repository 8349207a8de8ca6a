-- To whom a worker confirmed a letter stands in the list of whom it was shown to: who wrote it down, how they told, and the
-- day. A line of the young person's own has none of the three.
ALTER TABLE letter_use ADD COLUMN by_staff BYTEA REFERENCES staff (id);
ALTER TABLE letter_use ADD COLUMN how TEXT CHECK (how IN ('phone', 'email', 'in_person'));
ALTER TABLE letter_use ADD COLUMN told_on TEXT;
