-- A stage lasts until the next one came.
SELECT * FROM (
  SELECT *, lead(since) OVER (ORDER BY position) AS until FROM idea_detail.stages WHERE idea_id = $1
) s
 WHERE position < $2 ORDER BY position DESC LIMIT $3
