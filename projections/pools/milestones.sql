SELECT * FROM pools.milestones WHERE pool_id = $1 ORDER BY planned_at, milestone_id
