INSERT INTO pools (pool_id, made_for) VALUES ($1, $2)
