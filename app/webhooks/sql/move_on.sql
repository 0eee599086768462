UPDATE webhook_endpoints SET behind_at = $2 WHERE endpoint_id = ANY($1::uuid[])
