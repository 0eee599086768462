SELECT pool_id, position, deadline,
       (SELECT min(vetoable_until) FROM pools.pledges p
         WHERE p.pool_id = pools.pool_id AND withdrawn_at IS NULL AND vetoable_until > $1) AS final_at
  FROM pools.pools
 WHERE status = 'open' AND (deadline <= $1 OR promised >= target)
 ORDER BY deadline, pool_id
 LIMIT $2
