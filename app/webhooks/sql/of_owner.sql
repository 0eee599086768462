-- The endpoints somebody registered for themselves, or those of the organisations they administer, the newest first.
SELECT endpoint_id
  FROM webhook_endpoints
 WHERE ((registered_by = $1 AND organisation_id IS NULL) OR organisation_id = ANY($2::uuid[]))
   AND pause_cause IS DISTINCT FROM 'removed' AND ($3::uuid IS NULL OR endpoint_id < $3)
 ORDER BY endpoint_id DESC
 LIMIT $4
