INSERT INTO set_aside AS s (idea_id, quarantine_id, votes)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[])
ON CONFLICT (idea_id, quarantine_id) DO UPDATE SET votes = s.votes + excluded.votes
