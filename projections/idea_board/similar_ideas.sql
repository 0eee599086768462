-- Candidates come from an index each, few and bounded; only they are compared in full.
WITH near AS (
  (SELECT i.idea_id FROM idea_board.ideas i
    WHERE i.title OPERATOR(public.%) $1 AND i.stage NOT IN ('withdrawn', 'closed') AND i.idea_id IS DISTINCT FROM $3 LIMIT 100)
  UNION
  (SELECT i.idea_id FROM idea_board.ideas i
    WHERE i.search @@ plainto_tsquery('public.open_impact', $1) AND i.stage NOT IN ('withdrawn', 'closed') AND i.idea_id IS DISTINCT FROM $3 LIMIT 100)
), compared AS (
  SELECT i.idea_id, i.title, i.problem, t.votes,
         greatest(public.similarity(i.title, $1), public.similarity(left(i.problem, 500), left($2, 500))) AS similarity
    FROM near JOIN idea_board.ideas i USING (idea_id) JOIN idea_board.tallies t USING (idea_id)
)
SELECT idea_id, title, problem, votes, similarity FROM compared
 WHERE similarity >= 0.25 ORDER BY similarity DESC, votes DESC, idea_id LIMIT $4
