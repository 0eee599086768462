-- The steps of a thing's story, the oldest first: all of them, or evenly chosen ones where they are many.
WITH steps AS (
  SELECT position FROM audit_history.entries WHERE subject = $1 AND type NOT IN ('VoteCast', 'VoteWithdrawn')
   UNION ALL
  SELECT position FROM audit_history.entries WHERE within = $1
   UNION ALL
  SELECT last_position FROM audit_history.vote_days WHERE subject = $1),
numbered AS (
  SELECT position, row_number() OVER (ORDER BY position) - 1 AS number, count(*) OVER () AS total FROM steps)
SELECT n.position, e.occurred_at
  FROM numbered n
  JOIN audit_history.entries e ON e.position = n.position
 WHERE n.total <= $2 OR n.number = 0
    OR n.number * ($2 - 1) / (n.total - 1) > (n.number - 1) * ($2 - 1) / (n.total - 1)
 ORDER BY n.position
