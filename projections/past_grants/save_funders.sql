INSERT INTO funders (funder_id, org_id, name) VALUES ($1, $2, $3)
ON CONFLICT (funder_id) DO UPDATE SET name = excluded.name
