UPDATE milestones SET released_at = $3, position = $4 WHERE pool_id = $1 AND milestone_id = $2
