INSERT INTO communities AS c (community_id, threshold) VALUES ($1, $2)
ON CONFLICT (community_id) DO UPDATE SET threshold = excluded.threshold
