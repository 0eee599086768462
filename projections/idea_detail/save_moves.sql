INSERT INTO stages (idea_id, position, stage, since, cause, said, votes, threshold)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
