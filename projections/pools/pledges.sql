SELECT * FROM pools.pledges WHERE pool_id = $1 AND withdrawn_at IS NULL ORDER BY made_at, pledge_id
