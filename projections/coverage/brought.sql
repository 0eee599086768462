SELECT offer_id, needs, status, (part->'cost_to_adapt'->>'amount_minor')::bigint AS cost_minor,
       part->'cost_to_adapt'->>'currency' AS cost_currency
  FROM coverage.offers
 WHERE idea_id = $1 AND status NOT IN ('declined', 'withdrawn')
 ORDER BY made_at, offer_id
 LIMIT 10000
