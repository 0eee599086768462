-- What was asked for once more and has room, the first asked first; $2 is how much may wait for an endpoint.
SELECT r.repetition, r.endpoint_id, r.reached, r.until, e.type_names, e.has_condition, e.version
  FROM webhook_replays r
  JOIN webhook_endpoints e USING (endpoint_id)
 WHERE r.ended_at IS NULL AND e.is_verified AND e.pause_cause IS NULL
   AND (SELECT count(*) FROM (
         SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id AND d.ended_at IS NULL LIMIT $2::integer) waiting
       ) < $2
 ORDER BY r.repetition
 LIMIT $1
