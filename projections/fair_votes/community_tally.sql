SELECT coalesce(sum(t.votes), 0)::bigint AS votes, coalesce(sum(t.verified_votes), 0)::bigint AS verified_votes,
       coalesce(sum(t.set_aside), 0)::bigint AS set_aside, coalesce(max(t.position), 0)::bigint AS position
  FROM fair_votes.ideas i JOIN fair_votes.tallies t USING (idea_id)
 WHERE i.community_id = $1
