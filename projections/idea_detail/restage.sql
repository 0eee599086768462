WITH moved AS (
  UPDATE tallies t SET stage = CASE WHEN t.votes >= $2 THEN 'supported' ELSE 'logged' END, since = $3
    FROM ideas i
   WHERE i.community_id = $1 AND t.idea_id = i.idea_id AND t.stage IN ('logged', 'supported')
     AND t.stage <> CASE WHEN t.votes >= $2 THEN 'supported' ELSE 'logged' END
  RETURNING t.idea_id, t.stage, t.votes
)
INSERT INTO stages (idea_id, position, stage, since, cause, said, votes, threshold)
SELECT idea_id, $4, stage, $3, 'CommunityRulesSet', $5, votes, $2 FROM moved
