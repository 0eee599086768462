-- What is due at $1, taken until $2: of each endpoint no more than there is room for (what it is allowed at once, at most
-- $4, less what is under way here), of one that fails or that set a rate one at a time, and in all $3. The endpoints that have anything waiting are
-- found one after another in the index, so that what one of them has waiting costs the others nothing.
WITH RECURSIVE under_way AS (
  SELECT * FROM unnest($5::uuid[], $6::integer[], $7::integer[]) b(endpoint_id, busy, most)
), waiting AS (
  (SELECT endpoint_id FROM webhook_deliveries WHERE ended_at IS NULL ORDER BY endpoint_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.endpoint_id FROM webhook_deliveries d
           WHERE d.ended_at IS NULL AND d.endpoint_id > w.endpoint_id ORDER BY d.endpoint_id LIMIT 1)
    FROM waiting w
   WHERE w.endpoint_id IS NOT NULL
), willing AS (
  SELECT e.endpoint_id, e.version, e.ordered,
         CASE WHEN e.failures >= $8 THEN 1 ELSE least(e.at_once, $4::integer, b.most) END - coalesce(b.busy, 0) AS room
    FROM waiting w
   -- One look into the index for each, however many endpoints there are that have nothing waiting.
   CROSS JOIN LATERAL (SELECT * FROM webhook_endpoints e WHERE e.endpoint_id = w.endpoint_id OFFSET 0) e
    LEFT JOIN under_way b ON b.endpoint_id = e.endpoint_id
   WHERE e.rate_per_minute IS NULL AND e.is_verified AND e.pause_cause IS NULL AND e.rests_until <= $1
   UNION ALL
  SELECT e.endpoint_id, e.version, e.ordered, 1 - coalesce(b.busy, 0)
    FROM waiting w
   -- Where a rate was set, one worker at a time takes the next: whoever comes second finds it taken, or that it rests.
   CROSS JOIN LATERAL (
     SELECT * FROM webhook_endpoints e
      WHERE e.endpoint_id = w.endpoint_id
        AND e.rate_per_minute IS NOT NULL AND e.is_verified AND e.pause_cause IS NULL AND e.rests_until <= $1
        FOR NO KEY UPDATE SKIP LOCKED) e
    LEFT JOIN under_way b ON b.endpoint_id = e.endpoint_id
), due AS (
  SELECT d.delivery_id, w.version
    FROM willing w
   CROSS JOIN LATERAL (
     SELECT d.delivery_id, d.due_at
       FROM webhook_deliveries d
      WHERE d.endpoint_id = w.endpoint_id AND d.ended_at IS NULL AND d.due_at <= $1
        AND (NOT w.ordered OR NOT EXISTS (
              SELECT FROM webhook_deliveries before
               WHERE before.endpoint_id = d.endpoint_id AND before.stream = d.stream AND before.position < d.position
                 AND before.ended_at IS NULL))
      ORDER BY d.due_at, d.position
      LIMIT greatest(w.room, 0)
        FOR UPDATE SKIP LOCKED) d
   ORDER BY d.due_at
   LIMIT $3
), taken AS (
  UPDATE webhook_deliveries d SET attempts = attempts + 1, due_at = $2
    FROM due
   WHERE d.delivery_id = due.delivery_id
  RETURNING d.delivery_id, d.endpoint_id, d.position, d.attempts, due.version
), spaced AS (
  UPDATE webhook_endpoints e SET rests_until = $1 + interval '1 minute' / e.rate_per_minute
   WHERE e.rate_per_minute IS NOT NULL AND e.endpoint_id IN (SELECT endpoint_id FROM taken)
)
SELECT * FROM taken ORDER BY position
