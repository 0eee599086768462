UPDATE pledges SET withdrawn_at = $2, position = $3 WHERE pledge_id = $1
