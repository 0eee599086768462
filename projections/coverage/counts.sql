-- How many parts each of some ideas needs, and how many of them are covered or only offered; as `covered.py` counts them.
WITH brought AS (
  SELECT o.idea_id, need_id, bool_or(o.status IN ('chosen', 'delivered')) AS is_covered
    FROM coverage.offers o, unnest(o.needs) AS need_id
   WHERE o.idea_id = ANY($1::uuid[]) AND o.status NOT IN ('declined', 'withdrawn')
   GROUP BY o.idea_id, need_id
)
SELECT n.idea_id, count(*) AS needs, count(*) FILTER (WHERE b.is_covered) AS covered,
       count(*) FILTER (WHERE NOT b.is_covered) AS offered
  FROM coverage.needs n
  LEFT JOIN brought b USING (idea_id, need_id)
 WHERE n.idea_id = ANY($1::uuid[])
 GROUP BY n.idea_id
