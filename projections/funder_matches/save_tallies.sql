INSERT INTO tallies AS t (idea_id, votes)
SELECT * FROM unnest($1::uuid[], $2::integer[])
ON CONFLICT (idea_id) DO UPDATE SET votes = excluded.votes WHERE t.votes <> excluded.votes
