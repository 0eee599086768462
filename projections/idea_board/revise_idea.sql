UPDATE ideas SET
  title = $2, problem = $3, proposal = $4, beneficiaries = $5, themes = $6, places = $7, filed_under = $8,
  ask_minor = $9, ask_currency = $10,
  search = setweight(to_tsvector('public.open_impact', $2), 'A') || setweight(to_tsvector('public.open_impact', $11), 'B')
        || setweight(to_tsvector('public.open_impact', $3 || ' ' || $4 || ' ' || $5), 'C')
 WHERE idea_id = $1
