-- Gives back those that were made; the others were there before, or were made by somebody else just now.
INSERT INTO subject_keys (subject, wrapped, key_id)
SELECT new.subject, new.wrapped, $3::bytea FROM unnest($1::uuid[], $2::bytea[]) new(subject, wrapped)
ON CONFLICT DO NOTHING RETURNING subject
