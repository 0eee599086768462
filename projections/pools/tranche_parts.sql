SELECT milestone_id, pledge_id, amount FROM pools.tranche_parts WHERE pool_id = $1
