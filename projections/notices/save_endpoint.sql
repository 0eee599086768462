INSERT INTO endpoints (endpoint_id, owner, host) VALUES ($1, $2, $3)
