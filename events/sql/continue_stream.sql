-- One event that goes on with a stream, at the position its writer presumes to be the next; no row comes back when
-- the stream is at another version.
WITH locked AS MATERIALIZED (
  SELECT pg_advisory_xact_lock(7101)
), moved AS (
  UPDATE streams s SET version = $3::integer + 1 FROM locked WHERE s.stream = $2::text AND s.version = $3
  RETURNING pg_notify('open_impact_events', $1::bigint::text)
)
INSERT INTO events (position, stream, version, event_id, type, data, metadata, recorded_at)
SELECT $1, $2, $3 + 1, $4::text::uuid, $5::text, $6::text::json, $7::text::json, clock_timestamp() FROM moved
RETURNING position
