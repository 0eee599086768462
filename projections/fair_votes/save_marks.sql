INSERT INTO marks (idea_id, mark, version)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[])
ON CONFLICT (idea_id) DO UPDATE SET mark = excluded.mark, version = excluded.version
