UPDATE ideas SET service_link = $2 WHERE idea_id = $1
