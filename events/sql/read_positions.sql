SELECT position, stream, version, event_id, type, data, metadata, recorded_at
  FROM events WHERE position = ANY($1::bigint[]) ORDER BY position
