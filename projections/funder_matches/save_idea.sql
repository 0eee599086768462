INSERT INTO ideas (
  idea_id, community_id, themes, wider, theme_keys, places, place_keys, ask_minor, ask_currency, stage, since, changed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'logged', $10, $11)
