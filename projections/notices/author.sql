SELECT author_id FROM ideas WHERE idea_id = $1
