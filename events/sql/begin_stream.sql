-- One event that begins a stream, at the position its writer presumes to be the next. Whoever presumed wrongly is
-- refused by a primary key. The lock comes first for all: what refers to it waits until it is had.
WITH locked AS MATERIALIZED (
  SELECT pg_advisory_xact_lock(7101), pg_notify('open_impact_events', $1::bigint::text)
), begun AS (
  INSERT INTO streams (stream, version) SELECT $2::text, 1 FROM locked
)
INSERT INTO events (position, stream, version, event_id, type, data, metadata, recorded_at)
SELECT $1, $2, 1, $3::text::uuid, $4::text, $5::text::json, $6::text::json, clock_timestamp() FROM locked
