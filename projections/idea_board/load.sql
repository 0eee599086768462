SELECT t.idea_id, c.threshold, t.votes, t.momentum, i.stage, i.since, t.position
  FROM tallies t JOIN ideas i USING (idea_id) JOIN communities c USING (community_id)
 WHERE t.idea_id = ANY($1::uuid[])
