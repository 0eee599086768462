-- No index spans the partitions; each has (stream, version), so this is one index scan a partition.
SELECT position, stream, version, event_id, type, data, metadata, recorded_at
  FROM events WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3
