-- The ideas that fit one mandate, best first; the conditions and points are put together in points.py. OFFSET 0 keeps
-- the score from being worked out again wherever it is compared or sorted by.
SELECT idea_id, score
  FROM (SELECT i.idea_id, {points} AS score FROM funder_matches.ideas i WHERE {conditions} OFFSET 0) fitting
 WHERE score >= $2 AND ($3::integer IS NULL OR score < $3 OR (score = $3 AND idea_id > $4::uuid))
 ORDER BY score DESC, idea_id
 LIMIT $1
