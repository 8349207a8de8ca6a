-- What was sent to one owner lately, and what could not be: asked for with every notice and every person's page.
CREATE INDEX outbox_owner ON outbox (owner_id, state, due_at);
