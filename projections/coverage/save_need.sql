INSERT INTO needs AS n (idea_id, need_id, ordinal, kind, title, description, size, cost_minor, cost_currency, search, position)
SELECT $1, $2, coalesce((SELECT max(ordinal) FROM needs WHERE idea_id = $1), 0) + 1, $3, $4::text, $5::text, $6, $7, $8,
       setweight(to_tsvector('public.open_impact', $4::text), 'A') || setweight(to_tsvector('public.open_impact', $5::text), 'C'), $9
ON CONFLICT (idea_id, need_id) DO UPDATE
   SET kind = excluded.kind, title = excluded.title, description = excluded.description, size = excluded.size,
       cost_minor = excluded.cost_minor, cost_currency = excluded.cost_currency, search = excluded.search,
       position = excluded.position
