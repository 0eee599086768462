WITH pledged AS (DELETE FROM money WHERE idea_id = $1 AND pool_id = $2)
INSERT INTO money (idea_id, pool_id, pledge_id, amount_minor, currency) VALUES ($1, $2, NULL, $3, $4)
