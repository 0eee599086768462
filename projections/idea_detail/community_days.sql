SELECT day, ideas, votes FROM idea_detail.community_days
 WHERE community_id = $1 AND day > $2::date - $3::integer AND day <= $2 ORDER BY day
