-- Who stands behind from $1 to $2 and has room for more, in the order of the log; $4 is how much may wait for an endpoint.
SELECT e.endpoint_id, e.type_names, e.has_condition, e.version, e.behind_at
  FROM webhook_endpoints e
 WHERE e.behind_at BETWEEN $1 AND $2 AND e.is_verified AND e.pause_cause IS NULL
   AND NOT EXISTS (
     SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id AND d.ended_at IS NULL
     OFFSET $4::integer - 1 LIMIT 1)
 ORDER BY e.behind_at, e.endpoint_id
 LIMIT $3
