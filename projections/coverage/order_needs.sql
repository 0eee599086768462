UPDATE needs n SET ordinal = o.ordinal
  FROM unnest($2::uuid[]) WITH ORDINALITY AS o (need_id, ordinal)
 WHERE n.idea_id = $1 AND n.need_id = o.need_id
