SELECT f.*, o.name AS organisation_name
  FROM coverage.offers f LEFT JOIN coverage.organisations o USING (organisation_id)
 WHERE f.status <> 'withdrawn' AND f.part ->> 'kind' = $2
   AND ($3::timestamptz IS NULL OR (f.made_at, f.offer_id) < ($3, $4::uuid))
 ORDER BY f.made_at DESC, f.offer_id DESC
 LIMIT $1
