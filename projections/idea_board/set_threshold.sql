UPDATE communities SET threshold = $2 WHERE community_id = $1
