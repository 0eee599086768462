-- What came of attempts; what is said of an earlier attempt than the last changes nothing.
WITH said AS (
  SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::integer[],
                       $7::integer[], $8::text[], $9::text[])
    s(delivery_id, attempt, outcome, due_at, began_at, milliseconds, status, answer, error)
), heard AS (
  UPDATE webhook_deliveries d
     SET outcome = s.outcome, ended_at = CASE WHEN s.outcome IS NOT NULL THEN $10::timestamptz END,
         due_at = coalesce(s.due_at, d.due_at)
    FROM said s
   WHERE d.delivery_id = s.delivery_id AND d.attempts = s.attempt AND d.ended_at IS NULL
  RETURNING d.delivery_id
)
INSERT INTO webhook_attempts (delivery_id, attempt, began_at, milliseconds, status, answer, error)
SELECT s.delivery_id, s.attempt, s.began_at, s.milliseconds, s.status, s.answer, s.error FROM said s JOIN heard USING (delivery_id)
ON CONFLICT ON CONSTRAINT webhook_attempts_once DO NOTHING
