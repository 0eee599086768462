UPDATE milestones SET reached_at = $3, link = $4, note = $5, position = $6 WHERE pool_id = $1 AND milestone_id = $2
