INSERT INTO tallies AS t (idea_id, votes, momentum, position)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::double precision[], $4::bigint[])
ON CONFLICT (idea_id) DO UPDATE SET votes = excluded.votes, momentum = excluded.momentum, position = excluded.position
