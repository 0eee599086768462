SELECT position, stream, version, event_id, type, data, metadata, recorded_at
  FROM events WHERE position > $1 AND position <= $2 ORDER BY position
