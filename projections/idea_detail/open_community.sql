INSERT INTO communities (community_id, slug, name, threshold, opens_at, closes_at) VALUES ($1, $2, $3, $4, $5, $6)
