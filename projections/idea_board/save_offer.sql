INSERT INTO offers (idea_id, offer_id, needs, chosen) VALUES ($1, $2, $3, false)
ON CONFLICT (idea_id, offer_id) DO UPDATE SET needs = excluded.needs
