UPDATE ideas SET position = $2 WHERE idea_id = $1
