INSERT INTO money (idea_id, pool_id, pledge_id, amount_minor, currency) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (idea_id, pool_id, pledge_id) DO UPDATE SET amount_minor = excluded.amount_minor, currency = excluded.currency
