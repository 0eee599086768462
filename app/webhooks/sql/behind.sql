-- Who is behind and has room for more, of those after one of them; $3 is how much may wait for an endpoint.
SELECT e.endpoint_id, e.type_names, e.has_condition, e.version, e.behind_at
  FROM webhook_endpoints e
 WHERE e.behind_at IS NOT NULL AND e.is_verified AND e.pause_cause IS NULL AND e.endpoint_id > $1
   AND (SELECT count(*) FROM (
         SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id AND d.ended_at IS NULL LIMIT $3::integer) waiting
       ) < $3
 ORDER BY e.endpoint_id
 LIMIT $2
