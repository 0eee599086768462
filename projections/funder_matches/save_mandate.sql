INSERT INTO mandates AS m (
  mandate_id, organisation_id, title, revision, status, themes, places, stages, theme_keys, place_keys, around_keys,
  stage_keys, currency, ticket_min, ticket_max, budget_minor, reserved_minor, opens_at, closes_at, mode, min_votes,
  min_covered, needs_pool, said_at, changed)
VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, $16, $17, $18, $19, $20, $21, $22, $23)
ON CONFLICT (mandate_id) DO UPDATE SET
  title = excluded.title, revision = excluded.revision, themes = excluded.themes, places = excluded.places,
  stages = excluded.stages, theme_keys = excluded.theme_keys, place_keys = excluded.place_keys,
  around_keys = excluded.around_keys, stage_keys = excluded.stage_keys, currency = excluded.currency,
  ticket_min = excluded.ticket_min, ticket_max = excluded.ticket_max, budget_minor = excluded.budget_minor,
  opens_at = excluded.opens_at, closes_at = excluded.closes_at, mode = excluded.mode, min_votes = excluded.min_votes,
  min_covered = excluded.min_covered, needs_pool = excluded.needs_pool, said_at = excluded.said_at,
  changed = excluded.changed
