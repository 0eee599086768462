UPDATE communities SET paused = $2 WHERE community_id = $1
