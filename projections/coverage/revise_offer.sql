UPDATE offers
   SET needs = $2, part = $3, search = $4, status = CASE status WHEN 'declined' THEN 'offered' ELSE status END, reason = $5,
       changed_at = $6, version = $7, position = $8
 WHERE offer_id = $1
