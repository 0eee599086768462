-- How it stands with all of it at a glance; what waits is counted up to $1.
WITH RECURSIVE waiting AS (
  (SELECT endpoint_id FROM webhook_deliveries WHERE ended_at IS NULL ORDER BY endpoint_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.endpoint_id FROM webhook_deliveries d
           WHERE d.ended_at IS NULL AND d.endpoint_id > w.endpoint_id ORDER BY d.endpoint_id LIMIT 1)
    FROM waiting w
   WHERE w.endpoint_id IS NOT NULL
)
SELECT e.unverified, e.paused, e.behind, e.resting, e.active,
       (SELECT count(*) FROM (SELECT FROM webhook_deliveries WHERE ended_at IS NULL LIMIT $1::integer) d) AS waiting,
       -- Of those that may be sent to: of one that is paused or rests nothing is late.
       coalesce((SELECT greatest(0, extract(epoch FROM now() - min(d.due_at)))
                   FROM waiting w
                   JOIN webhook_endpoints e ON e.endpoint_id = w.endpoint_id
                  CROSS JOIN LATERAL (
                    SELECT due_at FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id AND d.ended_at IS NULL
                     ORDER BY due_at LIMIT 1) d
                  WHERE e.is_verified AND e.pause_cause IS NULL AND e.rests_until <= now()), 0)::float8 AS oldest_due_seconds,
       r.delivered, r.aborted
  FROM (SELECT count(*) FILTER (WHERE pause_cause IS NOT NULL) AS paused,
               count(*) FILTER (WHERE pause_cause IS NULL AND NOT is_verified) AS unverified,
               count(*) FILTER (WHERE pause_cause IS NULL AND is_verified AND behind_at IS NOT NULL) AS behind,
               count(*) FILTER (WHERE pause_cause IS NULL AND is_verified AND behind_at IS NULL AND rests_until > now()) AS resting,
               count(*) FILTER (WHERE pause_cause IS NULL AND is_verified AND behind_at IS NULL AND rests_until <= now()) AS active
          FROM webhook_endpoints WHERE pause_cause IS DISTINCT FROM 'removed') e,
       (SELECT count(*) FILTER (WHERE outcome = 'delivered') AS delivered, count(*) FILTER (WHERE outcome = 'aborted') AS aborted
          FROM webhook_deliveries WHERE ended_at > now() - interval '1 minute') r
