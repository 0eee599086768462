INSERT INTO tallies AS t (idea_id, votes, stage, since, position)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::timestamptz[], $5::bigint[])
ON CONFLICT (idea_id) DO UPDATE SET votes = excluded.votes, stage = excluded.stage, since = excluded.since, position = excluded.position
