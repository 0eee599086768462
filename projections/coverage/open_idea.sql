UPDATE ideas SET is_open = $2, position = $3 WHERE idea_id = $1
