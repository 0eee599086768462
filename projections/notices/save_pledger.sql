INSERT INTO pledgers (pool_id, organisation_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
