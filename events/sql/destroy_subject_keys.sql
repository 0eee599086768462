-- Also for subjects that have none yet: what is written to them later finds it destroyed.
INSERT INTO subject_keys (subject, key_id, destroyed_at)
SELECT gone.subject, $2::bytea, now() FROM unnest($1::uuid[]) gone(subject)
ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, destroyed_at = now() WHERE subject_keys.destroyed_at IS NULL
