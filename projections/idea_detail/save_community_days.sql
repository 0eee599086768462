INSERT INTO community_days AS d (community_id, day, ideas, votes)
SELECT i.community_id, c.day, sum(c.ideas), sum(c.votes)
  FROM unnest($1::uuid[], $2::date[], $3::integer[], $4::integer[]) AS c (idea_id, day, ideas, votes) JOIN ideas i USING (idea_id)
 GROUP BY i.community_id, c.day ORDER BY i.community_id, c.day
ON CONFLICT (community_id, day) DO UPDATE SET ideas = d.ideas + excluded.ideas, votes = d.votes + excluded.votes
