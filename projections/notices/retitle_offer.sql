UPDATE offers SET title = $2 WHERE offer_id = $1
