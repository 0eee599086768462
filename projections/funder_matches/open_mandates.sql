-- The mandates that are open to each of some ideas at a moment, from the indexes of what they name; with $4 whatever is
-- left of them.
SELECT i.idea_id AS open_to, m.*
  FROM funder_matches.ideas i
  JOIN funder_matches.mandates m
    ON m.theme_keys && (i.theme_keys || '*'::text)
   AND (m.place_keys && (i.place_keys || '*'::text) OR m.around_keys && i.places)
   AND m.stage_keys && ARRAY[i.stage, '*']
   AND (i.ask_minor IS NULL OR (m.currency = i.ask_currency AND m.ticket_min <= i.ask_minor))
   AND (i.pool_currency IS NULL OR m.currency = i.pool_currency)
 WHERE i.idea_id = ANY($1::uuid[]) AND i.stage = ANY($2::text[])
   AND m.status = 'open' AND m.opens_at <= $3 AND m.closes_at > $3
   AND ($4 OR m.budget_minor - m.reserved_minor >= m.ticket_min)
