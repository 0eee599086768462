SELECT i.*, t.votes, t.stage, t.since, t.position, c.slug, c.name, c.threshold
  FROM idea_detail.ideas i
  JOIN idea_detail.tallies t USING (idea_id)
  JOIN idea_detail.communities c USING (community_id)
 WHERE i.idea_id = ANY($1::uuid[])
 ORDER BY i.logged_at DESC, i.idea_id
