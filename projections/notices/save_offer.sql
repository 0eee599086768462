INSERT INTO offers (offer_id, made_for, title) VALUES ($1, $2, $3)
