UPDATE ideas i SET stage = CASE WHEN t.votes >= $2 THEN 'supported' ELSE 'logged' END, since = $3
  FROM tallies t
 WHERE i.community_id = $1 AND t.idea_id = i.idea_id AND i.stage IN ('logged', 'supported')
   AND i.stage <> CASE WHEN t.votes >= $2 THEN 'supported' ELSE 'logged' END
