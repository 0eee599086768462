UPDATE tallies t SET stage = CASE WHEN t.votes >= $2 THEN 'supported' ELSE 'logged' END, since = $3
  FROM ideas i
 WHERE i.community_id = $1 AND t.idea_id = i.idea_id AND t.stage <> 'withdrawn'
   AND t.stage <> CASE WHEN t.votes >= $2 THEN 'supported' ELSE 'logged' END
