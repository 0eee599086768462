INSERT INTO secret_key (key_id, installation) VALUES ($1, $2) ON CONFLICT DO NOTHING
