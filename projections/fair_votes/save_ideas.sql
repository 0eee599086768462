INSERT INTO ideas (idea_id, community_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[])
ON CONFLICT (idea_id) DO NOTHING
