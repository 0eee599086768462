UPDATE communities SET ideas = ideas + $2 WHERE community_id = $1
