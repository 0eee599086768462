INSERT INTO milestones (pool_id, milestone_id, title, amount, planned_at, position) VALUES ($1, $2, $3, $4, $5, $6)
