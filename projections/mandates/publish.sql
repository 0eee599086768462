INSERT INTO mandates (mandate_id, title, terms, themes, places, within, stages, currency, ticket_min_minor, ticket_max_minor,
  budget_minor, opens_at, closes_at, mode, thresholds, conditions, veto_hours, organisation_id, published_by, published_at,
  position, reserved_minor, committed_minor, state, revision, expired)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 0, 0, 'open', 1, false)
