-- Whoever has too much waiting is told nothing more for now; what comes after $1 is looked at when there is room.
UPDATE webhook_endpoints
   SET behind_at = $1
 WHERE behind_at IS NULL AND endpoint_id IN (
   SELECT endpoint_id FROM webhook_deliveries WHERE ended_at IS NULL GROUP BY endpoint_id HAVING count(*) >= $2)
