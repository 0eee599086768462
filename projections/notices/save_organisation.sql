INSERT INTO organisations (organisation_id, name) VALUES ($1, $2)
ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name
