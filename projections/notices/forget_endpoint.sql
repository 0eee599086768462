-- What is told of it leads nowhere any more.
WITH endpoint AS (
  DELETE FROM endpoints WHERE endpoint_id = $1
), over AS (
  DELETE FROM pauses WHERE endpoint_id = $1 RETURNING position
)
DELETE FROM notices WHERE position IN (SELECT position FROM over)
