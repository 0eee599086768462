UPDATE pools SET promised = COALESCE(
         (SELECT sum(amount) FROM pledges WHERE pool_id = $1 AND withdrawn_at IS NULL AND (kind = 'money' OR counts_in_kind)), 0)
 WHERE pool_id = $1
