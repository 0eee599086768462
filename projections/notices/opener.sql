SELECT made_for FROM pools WHERE pool_id = $1
