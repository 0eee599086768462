UPDATE ideas SET withdrawn_reason = NULL, closed_reason = NULL, service_link = NULL WHERE idea_id = $1
