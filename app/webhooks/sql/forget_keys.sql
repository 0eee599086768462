-- Looked at are sets of endpoints that have several, or that nobody was told of: all others sign.
WITH several AS (
  SELECT endpoint_id FROM webhook_keys GROUP BY endpoint_id HAVING count(*) > 1
), suspected AS (
  SELECT k.key_id, 'endpoint-' || k.endpoint_id AS stream FROM webhook_keys k
   WHERE k.made_at < now() - $1::interval
     AND (k.endpoint_id IN (SELECT endpoint_id FROM several)
          OR NOT EXISTS (SELECT FROM webhook_endpoints e WHERE e.endpoint_id = k.endpoint_id))
), needed AS (
  -- Named by an event, and by no later rotation ended long ago.
  SELECT s.key_id FROM suspected s JOIN events named ON named.stream = s.stream
   WHERE named.type IN ('EndpointRegistered', 'SecretRotated') AND named.data->>'key_id' = s.key_id::text
     AND NOT EXISTS (
       SELECT FROM events later
        WHERE later.stream = s.stream AND later.version > named.version AND later.type = 'SecretRotated'
          AND (later.data->>'old_until')::timestamptz < now() - $1::interval)
), over AS (
  SELECT key_id FROM suspected WHERE key_id NOT IN (SELECT key_id FROM needed) LIMIT $2
), gone AS (
  DELETE FROM webhook_keys k USING over WHERE k.key_id = over.key_id RETURNING 1)
SELECT count(*) FROM gone
