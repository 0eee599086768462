INSERT INTO subjects (subject, label, fields) VALUES ($1, $2, $3)
ON CONFLICT (subject) DO UPDATE SET label = excluded.label, fields = excluded.fields
