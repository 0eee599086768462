INSERT INTO ideas (idea_id, title, filed_under, is_open, position)
SELECT idea_id, title, ARRAY(SELECT jsonb_array_elements_text(codes::jsonb)), is_open, position
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[], $5::bigint[]) AS n (idea_id, title, codes, is_open, position)
