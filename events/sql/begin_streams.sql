-- As begin_stream, for many: streams with the version they reach, and their events with version each, in order.
WITH locked AS MATERIALIZED (
  SELECT pg_advisory_xact_lock(7101), pg_notify('open_impact_events', $2::bigint::text), clock_timestamp() AS moment
), begun AS (
  INSERT INTO streams (stream, version)
  SELECT s.stream, s.version FROM locked, unnest(string_to_array($3::text, E'\x1e'), $4::text::integer[]) s(stream, version)
)
INSERT INTO events (position, stream, version, event_id, type, data, metadata, recorded_at)
SELECT $1::bigint + e.number, e.stream, e.version, e.id, e.type, e.data::json, e.metadata::json, locked.moment
  FROM locked,
       unnest(string_to_array($5::text, E'\x1e'), $6::text::integer[], $7::text::uuid[],
              string_to_array($8::text, E'\x1e'), string_to_array($9::text, E'\x1e'), string_to_array($10::text, E'\x1e'))
       WITH ORDINALITY e(stream, version, id, type, data, metadata, number)
