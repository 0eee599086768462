UPDATE money SET amount_minor = $4, currency = $5 WHERE idea_id = $1 AND pool_id = $2 AND pledge_id = $3
