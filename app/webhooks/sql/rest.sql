-- How endpoints fare: one that takes something is well again; one that fails several times in a row rests, longer each
-- time, up to ten minutes; and one that asks for time has it.
UPDATE webhook_endpoints e
   SET failures = CASE WHEN s.succeeded THEN 0 ELSE e.failures + s.failed END,
       delivered_at = CASE WHEN s.succeeded THEN $5::timestamptz ELSE e.delivered_at END,
       rests_until = greatest(s.asked, CASE
         WHEN s.succeeded AND e.rate_per_minute IS NULL THEN '-infinity'
         WHEN NOT s.succeeded AND e.failures + s.failed >= $6
           THEN greatest(e.rests_until, $5 + interval '1 second' * least(600, 2 ^ least(e.failures + s.failed - $6, 10)))
         ELSE e.rests_until END)
  FROM unnest($1::uuid[], $2::boolean[], $3::integer[], $4::timestamptz[]) s(endpoint_id, succeeded, failed, asked)
 WHERE e.endpoint_id = s.endpoint_id
