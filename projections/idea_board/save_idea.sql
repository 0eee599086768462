INSERT INTO ideas AS i (
  idea_id, community_id, community, author_id, title, problem, proposal, beneficiaries, themes, places, filed_under,
  ask_minor, ask_currency, source_system, source_collection, source_id, logged_at, stage, since, search)
SELECT $1, $2, c.slug, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'logged', $16,
       setweight(to_tsvector('public.open_impact', $4), 'A') || setweight(to_tsvector('public.open_impact', $17), 'B')
       || setweight(to_tsvector('public.open_impact', $5 || ' ' || $6 || ' ' || $7), 'C')
  FROM communities c WHERE c.community_id = $2
