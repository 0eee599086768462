-- What the organisation offered lately says what it has; candidates come from an index each, few and bounded.
WITH past AS (
  SELECT f.part->>'kind' AS kind, f.search, i.filed_under
    FROM coverage.offers f JOIN coverage.ideas i USING (idea_id)
   WHERE f.organisation_id = $1
   ORDER BY f.made_at DESC, f.offer_id DESC
   LIMIT 50
), known AS (
  SELECT coalesce(array_agg(DISTINCT kind), '{}') AS kinds,
         ARRAY(SELECT DISTINCT code FROM past, unnest(filed_under) AS code) AS codes,
         left(coalesce(string_agg(search, ' '), ''), 2000) AS said
    FROM past
), asked AS (
  SELECT kinds, codes, tsvector_to_array(to_tsvector('public.open_impact', said)) AS words,
         replace(plainto_tsquery('public.open_impact', said)::text, '&', '|')::tsquery AS any_word
    FROM known
), near AS (
  (SELECT n.idea_id, n.need_id FROM asked JOIN coverage.needs n ON n.search @@ asked.any_word LIMIT 300)
  UNION
  (SELECT newest.idea_id, newest.need_id FROM asked, unnest(asked.kinds) AS wanted (kind)
    CROSS JOIN LATERAL (
      SELECT n.idea_id, n.need_id FROM coverage.needs n WHERE n.kind = wanted.kind ORDER BY n.position DESC LIMIT 100) newest)
), compared AS (
  SELECT n.idea_id, i.title AS idea_title, n.need_id, n.kind, n.title, n.description, n.cost_minor, n.cost_currency, n.position,
         n.kind = ANY (asked.kinds) AS same_kind,
         ARRAY(SELECT code FROM unnest(i.filed_under) AS code WHERE code = ANY (asked.codes) ORDER BY code) AS codes,
         ARRAY(SELECT word FROM unnest(tsvector_to_array(n.search)) AS word WHERE word = ANY (asked.words)) AS stems
    FROM asked, near JOIN coverage.needs n USING (idea_id, need_id) JOIN coverage.ideas i USING (idea_id)
   WHERE i.is_open
     AND NOT EXISTS (SELECT FROM coverage.offers f
                      WHERE f.idea_id = n.idea_id AND n.need_id = ANY (f.needs)
                        AND (f.status IN ('chosen', 'delivered') OR f.organisation_id = $1))
), best AS (
  SELECT *, CASE WHEN same_kind THEN 3 ELSE 0 END + 2 * least(cardinality(stems), 4) + least(cardinality(codes), 3) AS score
    FROM compared
   WHERE cardinality(stems) > 0 OR (same_kind AND cardinality(codes) > 0)
   ORDER BY score DESC, position DESC, need_id
   LIMIT $2
)
SELECT idea_id, idea_title, need_id, kind, title, cost_minor, cost_currency, same_kind, codes, score,
       -- The words as they stand there, and not the stems by which they were found.
       ARRAY(SELECT DISTINCT word FROM regexp_split_to_table(lower(title || ' ' || description), '[^[:alnum:]]+') AS word
              WHERE tsvector_to_array(to_tsvector('public.open_impact', word)) && stems ORDER BY word LIMIT 10) AS words
  FROM best
 ORDER BY score DESC, position DESC, need_id
