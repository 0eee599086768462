UPDATE mandates SET reserved_minor = reserved_minor + $2, position = $3 WHERE mandate_id = $1
