INSERT INTO tallies AS t (idea_id, votes, verified_votes, set_aside, position)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::bigint[])
ON CONFLICT (idea_id) DO UPDATE
   SET votes = t.votes + excluded.votes, verified_votes = t.verified_votes + excluded.verified_votes,
       set_aside = t.set_aside + excluded.set_aside, position = excluded.position
