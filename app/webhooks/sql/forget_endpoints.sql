WITH over AS (
  SELECT e.endpoint_id FROM webhook_endpoints e
   WHERE e.pause_cause = $1 AND NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id)
   LIMIT $2
), keys AS (
  DELETE FROM webhook_keys k USING over WHERE k.endpoint_id = over.endpoint_id
), replays AS (
  DELETE FROM webhook_replays r USING over WHERE r.endpoint_id = over.endpoint_id
)
DELETE FROM webhook_endpoints e USING over WHERE e.endpoint_id = over.endpoint_id
