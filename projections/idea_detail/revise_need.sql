UPDATE needs SET kind = $3, title = $4, description = $5, size = $6, cost_minor = $7, cost_currency = $8, revised_at = $9
 WHERE idea_id = $1 AND need_id = $2
