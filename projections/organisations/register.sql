INSERT INTO organisations (organisation_id, name, sort_key, search, org_id, website, registered_at, version, position)
VALUES ($1, $2::text, lower($2::text), lower(concat_ws(' ', $2::text, $3::text)), $3::text, $4, $5, $6, $7)
