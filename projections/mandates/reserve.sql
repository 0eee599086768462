INSERT INTO reservations AS r (mandate_id, pledge_id, pool_id, reserved_minor, committed_minor) VALUES ($1, $2, $3, $4, 0)
ON CONFLICT (mandate_id, pledge_id) DO UPDATE SET reserved_minor = r.reserved_minor + excluded.reserved_minor
