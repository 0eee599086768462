UPDATE mandates
   SET title = $2, terms = $3, themes = $4, places = $5, within = $6, stages = $7, currency = $8, ticket_min_minor = $9,
       ticket_max_minor = $10, budget_minor = $11, opens_at = $12, closes_at = $13, mode = $14, thresholds = $15,
       conditions = $16, veto_hours = $17, revision = $18, position = $19
 WHERE mandate_id = $1
