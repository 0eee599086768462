INSERT INTO members AS m (organisation_id, person_id, roles, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (organisation_id, person_id) DO UPDATE SET roles = excluded.roles
