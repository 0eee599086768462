SELECT i.idea_id, c.threshold, t.votes, i.stage, i.since, i.pool_id, i.pool_currency, i.changed
  FROM ideas i JOIN tallies t USING (idea_id) JOIN communities c USING (community_id)
 WHERE i.idea_id = ANY($1::uuid[])
