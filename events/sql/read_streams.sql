SELECT position, stream, version, event_id, type, data, metadata, recorded_at
  FROM events WHERE stream = ANY($1::text[]) ORDER BY position LIMIT $2
