INSERT INTO mandates (mandate_id, title) VALUES ($1, $2)
ON CONFLICT (mandate_id) DO UPDATE SET title = excluded.title
