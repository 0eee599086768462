SELECT subject, wrapped, key_id FROM subject_keys WHERE subject = ANY($1::uuid[])
