UPDATE offers SET status = $2, reason = $3, link = $4, changed_at = $5, version = $6, position = $7 WHERE offer_id = $1
