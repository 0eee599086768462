UPDATE mandates SET status = $2, changed = $3 WHERE mandate_id = $1
