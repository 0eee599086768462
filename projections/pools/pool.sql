SELECT * FROM pools.pools WHERE pool_id = $1
