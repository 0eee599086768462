UPDATE pauses SET is_over = true WHERE endpoint_id = $1
