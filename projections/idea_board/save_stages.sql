UPDATE ideas i SET stage = n.stage, since = n.since
  FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) n(idea_id, stage, since)
 WHERE i.idea_id = n.idea_id
