-- For each word that finds nothing, the known one that looks most like it.
WITH typed AS (
  SELECT DISTINCT w.word, lower(public.unaccent(w.word)) AS plain
    FROM regexp_split_to_table($1, '\W+') w(word) WHERE length(w.word) BETWEEN 4 AND 40 LIMIT 10
)
SELECT t.word, meant.word AS meant
  FROM typed t
  CROSS JOIN LATERAL (
    SELECT k.word FROM idea_board.words k
     WHERE k.word OPERATOR(public.%) t.plain AND public.similarity(k.word, t.plain) >= 0.4
     ORDER BY public.similarity(k.word, t.plain) DESC, k.word LIMIT 1
  ) meant
 WHERE meant.word <> t.plain
   AND NOT EXISTS (SELECT FROM idea_board.ideas i WHERE i.search @@ plainto_tsquery('public.open_impact', t.word))
