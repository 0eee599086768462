INSERT INTO needs (idea_id, need_id, ordinal, kind, title, description, size, cost_minor, cost_currency, search, position)
SELECT idea_id, need_id, ordinal, kind, title, description, size, cost_minor, cost_currency,
       setweight(to_tsvector('public.open_impact', title), 'A') || setweight(to_tsvector('public.open_impact', description), 'C'),
       position
  FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[],
              $10::bigint[])
       AS n (idea_id, need_id, ordinal, kind, title, description, size, cost_minor, cost_currency, position)
ON CONFLICT (idea_id, need_id) DO UPDATE
   SET ordinal = excluded.ordinal, kind = excluded.kind, title = excluded.title, description = excluded.description,
       size = excluded.size, cost_minor = excluded.cost_minor, cost_currency = excluded.cost_currency,
       search = excluded.search, position = excluded.position
