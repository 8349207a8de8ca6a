-- Who agreed a payment, where it was somebody else than the worker who wrote it down (`agreed_by`): a name or what they do.
ALTER TABLE payment ADD COLUMN agreed_sealed BLOB;
