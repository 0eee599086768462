-- Who is told of events of some types as they come.
SELECT endpoint_id, type_names, has_condition, version
  FROM webhook_endpoints
 WHERE behind_at IS NULL AND is_verified AND pause_cause IS NULL AND type_names && $1::text[]
