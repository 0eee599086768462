UPDATE organisations SET version = $2, position = $3 WHERE organisation_id = $1
