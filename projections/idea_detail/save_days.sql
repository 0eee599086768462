INSERT INTO days AS d (idea_id, day, change)
SELECT * FROM unnest($1::uuid[], $2::date[], $3::integer[])
ON CONFLICT (idea_id, day) DO UPDATE SET change = d.change + excluded.change
