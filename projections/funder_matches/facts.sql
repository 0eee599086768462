SELECT i.idea_id, i.themes, i.places, i.stage, i.ask_minor, i.ask_currency, i.pool_id, i.pool_currency, t.votes
  FROM funder_matches.ideas i JOIN funder_matches.tallies t USING (idea_id)
 WHERE i.idea_id = ANY($1::uuid[])
