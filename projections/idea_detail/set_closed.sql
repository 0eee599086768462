UPDATE ideas SET closed_reason = $2 WHERE idea_id = $1
