DELETE FROM money WHERE idea_id = $1 AND pool_id = $2 AND ($3::uuid IS NULL OR pledge_id = $3)
