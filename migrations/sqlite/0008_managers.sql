-- Who manages whom: by an assignment, or as the manager of the person's team.
CREATE VIEW person_manager AS
    SELECT person_id, staff_id, from_at, to_at FROM assignment WHERE kind = 'manager'
    UNION ALL
    SELECT p.id, m.staff_id, m.from_at, m.to_at FROM person p JOIN team_member m ON m.team_id = p.team_id
    WHERE EXISTS (SELECT 1 FROM staff_role r WHERE r.staff_id = m.staff_id AND r.role = 'manager' AND r.to_at IS NULL);

-- When a safety flag was last cleared: for some days a code still takes two workers.
ALTER TABLE person ADD COLUMN flag_off_at INTEGER;
