SELECT f.*, o.name AS organisation_name
  FROM coverage.offers f LEFT JOIN coverage.organisations o USING (organisation_id)
 WHERE f.offer_id = $1
