UPDATE ideas SET withdrawn_reason = $2 WHERE idea_id = $1
