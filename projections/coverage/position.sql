SELECT position FROM coverage.ideas WHERE idea_id = $1
