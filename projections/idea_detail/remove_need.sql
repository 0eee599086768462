DELETE FROM needs WHERE idea_id = $1 AND need_id = $2
