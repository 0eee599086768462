UPDATE pledges SET resolved = $2, committed = $3, binding = $4, position = $5 WHERE pledge_id = $1
