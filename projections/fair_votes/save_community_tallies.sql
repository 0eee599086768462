INSERT INTO community_tallies AS t (community_id, votes, verified_votes, set_aside, position)
SELECT i.community_id, sum(c.votes), sum(c.verified_votes), sum(c.set_aside), max(c.position)
  FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::bigint[])
       AS c (idea_id, votes, verified_votes, set_aside, position)
  JOIN ideas i USING (idea_id)
 GROUP BY i.community_id
ON CONFLICT (community_id) DO UPDATE
   SET votes = t.votes + excluded.votes, verified_votes = t.verified_votes + excluded.verified_votes,
       set_aside = t.set_aside + excluded.set_aside, position = excluded.position
