SELECT milestone_id, pledge_id, amount FROM pools.tranche_parts WHERE pool_id = $1 ORDER BY milestone_id, pledge_id
