INSERT INTO words (word)
SELECT DISTINCT w.word FROM unnest($1::text[]) t(text), regexp_split_to_table(lower(public.unaccent(t.text)), '\W+') w(word)
 WHERE length(w.word) BETWEEN 4 AND 40 ORDER BY w.word
ON CONFLICT DO NOTHING
