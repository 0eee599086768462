UPDATE needs n SET ordinal = o.ordinal
  FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS o (idea_id, need_id, ordinal)
 WHERE n.idea_id = o.idea_id AND n.need_id = o.need_id
