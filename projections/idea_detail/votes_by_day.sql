SELECT day, (sum(change) OVER (ORDER BY day))::integer AS votes FROM idea_detail.days WHERE idea_id = $1 ORDER BY day LIMIT 5000
