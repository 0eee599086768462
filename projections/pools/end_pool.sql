UPDATE pools SET status = $2, ended_at = $3, resolved_total = $4, committed_total = $5, at_deadline = $6, reason = $7
 WHERE pool_id = $1
