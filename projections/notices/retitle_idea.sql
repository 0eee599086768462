UPDATE ideas SET title = $2 WHERE idea_id = $1
