-- A wish for a stretch of the log once more; the same wish again is the one of before.
INSERT INTO webhook_replays (endpoint_id, asked_under, reached, until) VALUES ($1, $2, $3, $4)
ON CONFLICT ON CONSTRAINT webhook_replays_asked_under DO UPDATE SET asked_under = excluded.asked_under
RETURNING repetition, reached, until
