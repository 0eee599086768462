SELECT *
  FROM pools.pools
 WHERE ($2::text IS NULL OR status = $2) AND ($3::uuid IS NULL OR idea_id = $3)
   AND ($4::timestamptz IS NULL OR (opened_at, pool_id) < ($4, $5::uuid))
 ORDER BY opened_at DESC, pool_id DESC
 LIMIT $1
