UPDATE ideas i
   SET title = coalesce(n.title, i.title),
       filed_under = CASE WHEN n.codes IS NULL THEN i.filed_under ELSE ARRAY(SELECT jsonb_array_elements_text(n.codes::jsonb)) END,
       is_open = coalesce(n.is_open, i.is_open), position = n.position
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[], $5::bigint[]) AS n (idea_id, title, codes, is_open, position)
 WHERE i.idea_id = n.idea_id
