SELECT * FROM idea_detail.communities WHERE $1::text IS NULL OR slug = $1 ORDER BY ideas DESC, slug LIMIT $2
