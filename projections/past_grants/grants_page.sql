SELECT * FROM past_grants.grants
 WHERE funder_id = $2 AND ($3::timestamptz IS NULL OR (awarded_at, grant_id) < ($3, $4::uuid))
 ORDER BY awarded_at DESC, grant_id DESC
 LIMIT $1
