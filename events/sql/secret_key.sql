SELECT key_id, installation FROM secret_key
