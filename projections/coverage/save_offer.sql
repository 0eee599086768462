INSERT INTO offers (offer_id, idea_id, made_by, organisation_id, needs, part, search, status, reason, made_at, changed_at, version, position)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'offered', '', $8, $8, $9, $10)
