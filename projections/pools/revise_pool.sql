UPDATE pools SET currency = $2, minimum = $3, target = $4, ceiling = $5, deadline = $6, counts_in_kind = $7
 WHERE pool_id = $1
