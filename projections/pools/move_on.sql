UPDATE pools SET version = $2, position = $3 WHERE pool_id = $1
