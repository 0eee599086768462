UPDATE ideas SET title = $2, filed_under = $3, position = $4 WHERE idea_id = $1
