INSERT INTO ideas (idea_id, author_id, title) VALUES ($1, $2, $3)
