-- Whom to ask at $1 whether they want to be told of events; each may be asked again at $2, and $3 times in all.
UPDATE webhook_endpoints e
   SET asked = e.asked + 1, ask_at = $2
  FROM (SELECT endpoint_id FROM webhook_endpoints
         WHERE NOT is_verified AND ask_at <= $1 AND asked < $3 AND pause_cause IS NULL
         ORDER BY ask_at LIMIT $4 FOR UPDATE SKIP LOCKED) due
 WHERE e.endpoint_id = due.endpoint_id
RETURNING e.endpoint_id, e.version, e.asked
