SELECT organisation_id FROM pledgers WHERE pool_id = $1
