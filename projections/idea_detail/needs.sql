SELECT * FROM idea_detail.needs
 WHERE idea_id = $1 AND (place, need_id) > ($2, $3) ORDER BY place, need_id LIMIT $4
