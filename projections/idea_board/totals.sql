SELECT count(*)::bigint AS ideas, coalesce(sum(t.votes), 0)::bigint AS votes
  FROM idea_board.tallies t JOIN idea_board.ideas i USING (idea_id) WHERE i.stage NOT IN ('withdrawn', 'closed')
