UPDATE communities SET threshold = $2, opens_at = $3, closes_at = $4 WHERE community_id = $1
