SELECT stage, since FROM idea_detail.stages
 WHERE idea_id = $1 AND position <= $2 AND ($3::timestamptz IS NULL OR since <= $3) ORDER BY position DESC LIMIT 1
