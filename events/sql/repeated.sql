SELECT fingerprint, answer, position FROM idempotency_keys WHERE key = $1
