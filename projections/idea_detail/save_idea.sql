INSERT INTO ideas (
  idea_id, community_id, author_id, title, problem, proposal, beneficiaries, themes, places, ask_minor, ask_currency,
  source_system, source_collection, source_id, logged_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
