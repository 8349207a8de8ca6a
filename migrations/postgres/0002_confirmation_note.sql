-- What staff say about how they checked it. Never shown to the public.
ALTER TABLE confirmation ADD COLUMN note TEXT NOT NULL DEFAULT '';
