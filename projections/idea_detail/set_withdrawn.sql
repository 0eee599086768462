UPDATE ideas SET withdrawn_reason = $2, version = $3 WHERE idea_id = $1
