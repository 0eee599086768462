INSERT INTO communities (community_id, slug, threshold) VALUES ($1, $2, $3)
