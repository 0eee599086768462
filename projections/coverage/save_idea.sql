INSERT INTO ideas (idea_id, title, filed_under, is_open, position) VALUES ($1, $2, $3, true, $4)
