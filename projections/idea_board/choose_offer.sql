UPDATE offers SET chosen = $3 WHERE idea_id = $1 AND offer_id = $2
