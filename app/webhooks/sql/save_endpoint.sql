-- An endpoint as its stream has it. Who is told of events as they come stays so; everybody else is behind from where the
-- telling stopped, or from where it was asked to begin ($11).
INSERT INTO webhook_endpoints AS e (
  endpoint_id, registered_by, organisation_id, types, type_names, ordered, is_verified, rate_per_minute, pause_cause, version,
  behind_at, has_condition)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, $12::bigint), $13)
ON CONFLICT ON CONSTRAINT webhook_endpoints_endpoint_id DO UPDATE SET
  types = excluded.types, type_names = excluded.type_names, ordered = excluded.ordered,
  has_condition = excluded.has_condition, is_verified = excluded.is_verified,
  rate_per_minute = excluded.rate_per_minute, pause_cause = excluded.pause_cause, version = excluded.version,
  behind_at = CASE
    WHEN $11 IS NOT NULL THEN $11
    WHEN excluded.is_verified AND excluded.pause_cause IS NULL THEN e.behind_at
    ELSE coalesce(e.behind_at, $12) END,
  asked = CASE WHEN excluded.is_verified THEN e.asked ELSE 0 END,
  failures = CASE WHEN $11 IS NULL THEN e.failures ELSE 0 END,
  rests_until = CASE WHEN $11 IS NULL THEN e.rests_until ELSE '-infinity' END
