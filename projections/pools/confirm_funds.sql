UPDATE pledges SET confirmed_at = $2, document = $3, position = $4 WHERE pledge_id = $1
