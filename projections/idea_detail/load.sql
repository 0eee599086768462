SELECT t.idea_id, c.threshold, t.votes, '-infinity'::float8 AS momentum, t.stage, t.since, t.position
  FROM tallies t JOIN ideas i USING (idea_id) JOIN communities c USING (community_id)
 WHERE t.idea_id = ANY($1::uuid[])
