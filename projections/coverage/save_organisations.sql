INSERT INTO organisations (organisation_id, name)
SELECT * FROM unnest($1::uuid[], $2::text[])
ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name
