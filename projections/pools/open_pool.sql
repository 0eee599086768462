INSERT INTO pools (pool_id, idea_id, opened_by, organisation_id, status, currency, minimum, target, ceiling, deadline,
                   counts_in_kind, opened_at, version, position)
VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10, $11, $12, $13)
