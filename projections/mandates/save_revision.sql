INSERT INTO revisions (mandate_id, revision, statement, reason, revised_by, revised_at, position)
VALUES ($1, $2, $3, $4, $5, $6, $7)
