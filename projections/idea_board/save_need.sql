INSERT INTO needs (idea_id, need_id, cost_minor, cost_currency) VALUES ($1, $2, $3, $4)
ON CONFLICT (idea_id, need_id) DO UPDATE SET cost_minor = excluded.cost_minor, cost_currency = excluded.cost_currency
