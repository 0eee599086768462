UPDATE mandates SET reserved_minor = reserved_minor + $2, changed = coalesce($3::bigint, changed) WHERE mandate_id = $1
