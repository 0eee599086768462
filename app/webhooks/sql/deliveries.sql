-- What was and is to be delivered to an endpoint, the newest first, each with what came of its last attempt.
SELECT d.delivery_id, d.position, d.repetition, d.attempts, d.due_at, d.ended_at, d.outcome,
       a.status, a.error, a.began_at, a.milliseconds
  FROM webhook_deliveries d
  LEFT JOIN LATERAL (
    SELECT * FROM webhook_attempts a WHERE a.delivery_id = d.delivery_id ORDER BY a.attempt DESC LIMIT 1) a ON true
 WHERE d.endpoint_id = $1 AND ($2::bigint IS NULL OR d.delivery_id < $2)
   AND ($4::text IS NULL OR coalesce(d.outcome, 'waiting') = $4)
 ORDER BY d.delivery_id DESC
 LIMIT $3
