SELECT * FROM pools.pools WHERE idea_id = $1 ORDER BY status = 'cancelled', opened_at DESC LIMIT 1
