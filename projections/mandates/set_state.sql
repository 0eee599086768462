UPDATE mandates SET state = $2, closed_at = $3, closed_reason = $4, expired = $5, position = $6 WHERE mandate_id = $1
