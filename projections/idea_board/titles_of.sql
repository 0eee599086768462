SELECT idea_id, title FROM idea_board.ideas WHERE idea_id = ANY($1::uuid[])
