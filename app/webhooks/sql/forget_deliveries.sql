WITH old AS (
  (SELECT delivery_id FROM webhook_deliveries WHERE ended_at < now() - $1::interval ORDER BY ended_at LIMIT $3)
  UNION
  (SELECT d.delivery_id FROM webhook_endpoints e JOIN webhook_deliveries d USING (endpoint_id)
    WHERE e.pause_cause = $2 LIMIT $3)
), gone AS (
  DELETE FROM webhook_deliveries d USING old WHERE d.delivery_id = old.delivery_id RETURNING 1)
SELECT count(*) FROM gone
