UPDATE quarantines SET lifted_at = $2, lifted_position = $3, lifted_reason = $4 WHERE quarantine_id = $1
