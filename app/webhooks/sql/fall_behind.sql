-- Whoever has too much waiting is told nothing more for now; what comes after $1 is looked at when there is room. Who is
-- behind already is not counted again, and nobody is counted further than to the bound.
WITH RECURSIVE waiting AS (
  (SELECT endpoint_id FROM webhook_deliveries WHERE ended_at IS NULL ORDER BY endpoint_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.endpoint_id FROM webhook_deliveries d
           WHERE d.ended_at IS NULL AND d.endpoint_id > w.endpoint_id ORDER BY d.endpoint_id LIMIT 1)
    FROM waiting w
   WHERE w.endpoint_id IS NOT NULL
), told AS (
  SELECT e.endpoint_id
    FROM waiting w
   CROSS JOIN LATERAL (
     SELECT e.endpoint_id FROM webhook_endpoints e WHERE e.endpoint_id = w.endpoint_id AND e.behind_at IS NULL OFFSET 0) e
   WHERE EXISTS (
     SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id AND d.ended_at IS NULL
     OFFSET $2::integer - 1 LIMIT 1)
)
UPDATE webhook_endpoints SET behind_at = $1 WHERE endpoint_id = ANY(ARRAY(SELECT endpoint_id FROM told))
