-- How it stands with endpoints; what waits is counted up to a bound.
SELECT e.endpoint_id, e.version, e.behind_at, e.failures, nullif(e.rests_until, '-infinity') AS resting, e.delivered_at,
       e.ask_answer, (SELECT count(*) FROM (
         SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id AND d.ended_at IS NULL LIMIT 10000) waiting) AS waiting
  FROM webhook_endpoints e
 WHERE e.endpoint_id = ANY($1::uuid[])
