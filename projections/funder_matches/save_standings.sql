UPDATE ideas i
   SET stage = n.stage, since = n.since, pool_id = n.pool_id, pool_currency = n.pool_currency, changed = n.changed
  FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::uuid[], $5::text[], $6::bigint[])
       n(idea_id, stage, since, pool_id, pool_currency, changed)
 WHERE i.idea_id = n.idea_id
