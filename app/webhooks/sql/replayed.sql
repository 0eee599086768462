UPDATE webhook_replays SET reached = $2, ended_at = CASE WHEN $2 >= until THEN now() END WHERE repetition = $1
