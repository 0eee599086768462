SELECT t.idea_id, t.votes, t.verified_votes, t.set_aside, t.position
  FROM fair_votes.tallies t JOIN fair_votes.ideas i USING (idea_id)
 WHERE t.set_aside > 0 AND i.community_id = $1
 ORDER BY t.set_aside DESC, t.idea_id
 LIMIT $2
