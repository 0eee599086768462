DELETE FROM webhook_deliveries WHERE endpoint_id = $1 AND ended_at IS NULL AND repetition = 0
