INSERT INTO tranche_parts (pool_id, milestone_id, pledge_id, amount) VALUES ($1, $2, $3, $4)
