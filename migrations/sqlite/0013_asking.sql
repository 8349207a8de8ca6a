-- The messages of young people that ask for an answer: all but calm check-ins, in which nobody asked for a call and
-- nothing spoke of danger.
CREATE VIEW asking AS
SELECT m.id, m.thread_id, m.sent_at FROM message m
WHERE m.from_kind = 'person'
    AND NOT EXISTS (SELECT 1 FROM check_in c WHERE c.message_id = m.id AND c.feel <> 'hard' AND NOT c.call
        AND NOT EXISTS (SELECT 1 FROM crisis_flag f WHERE f.message_id = m.id));
