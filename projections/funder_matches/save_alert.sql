INSERT INTO alerts (mandate_id, idea_id, revision, score, told_at, position) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (mandate_id, idea_id) DO NOTHING
