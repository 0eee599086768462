SELECT i.*, t.votes, t.momentum, t.position, c.threshold, p.open_needs, {key} AS sort_key
  FROM idea_board.ideas i
  JOIN idea_board.tallies t ON t.idea_id = i.idea_id
  JOIN idea_board.prospects p ON p.idea_id = i.idea_id
  JOIN idea_board.communities c ON c.community_id = i.community_id
 WHERE {conditions}
 ORDER BY {key} DESC, {tie} DESC
 LIMIT $1
