INSERT INTO needs (idea_id, need_id, place, kind, title, description, size, cost_minor, cost_currency, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
