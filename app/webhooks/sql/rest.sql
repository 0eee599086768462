-- How endpoints fare: one that takes something is well again; one that fails several times in a row rests, longer each
-- time, up to ten minutes; and one that asks for time has it. What it takes allows it more at once, up to a bound, what it
-- refuses half as much, and silence one at a time.
UPDATE webhook_endpoints e
   SET failures = CASE WHEN s.succeeded > 0 THEN 0 ELSE e.failures + s.failed END,
       delivered_at = CASE WHEN s.succeeded > 0 THEN $6::timestamptz ELSE e.delivered_at END,
       at_once = CASE
         WHEN s.silent THEN 1
         WHEN s.failed > 0 THEN greatest(1, e.at_once / 2)
         ELSE least($8::integer, e.at_once + s.succeeded) END,
       rests_until = greatest(s.asked, CASE
         WHEN s.succeeded > 0 AND e.rate_per_minute IS NULL THEN '-infinity'
         WHEN s.succeeded = 0 AND e.failures + s.failed >= $7
           THEN greatest(e.rests_until, $6 + interval '1 second' * least(600, 2 ^ least(e.failures + s.failed - $7, 10)))
         ELSE e.rests_until END)
  FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::boolean[], $5::timestamptz[])
    s(endpoint_id, succeeded, failed, silent, asked)
 WHERE e.endpoint_id = s.endpoint_id
