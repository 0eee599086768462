-- An idea wants what it asks for, or else what its open needs cost; other currencies than that one are left out.
WITH of_ideas AS (
  SELECT idea_id, ask_minor, ask_currency FROM ideas WHERE idea_id = ANY($1::uuid[])
), open AS (
  SELECT n.* FROM needs n
   WHERE n.idea_id = ANY($1::uuid[])
     AND NOT EXISTS (SELECT FROM offers o WHERE o.idea_id = n.idea_id AND o.chosen AND n.need_id = ANY(o.needs))
), counted AS (
  SELECT idea_id, count(*)::integer AS needs FROM open GROUP BY idea_id
), priced AS (
  SELECT DISTINCT ON (idea_id) idea_id, cost_currency AS currency, sum(cost_minor) AS minor
    FROM open WHERE cost_minor IS NOT NULL
   GROUP BY idea_id, cost_currency ORDER BY idea_id, sum(cost_minor) DESC, cost_currency
), found AS (
  SELECT idea_id, currency, sum(amount_minor) AS minor FROM money WHERE idea_id = ANY($1::uuid[]) GROUP BY idea_id, currency
)
INSERT INTO prospects (idea_id, open_needs, gap_minor)
SELECT i.idea_id, coalesce(counted.needs, 0),
       least(greatest(coalesce(i.ask_minor, priced.minor, 0) - coalesce(found.minor, 0), 0), 9223372036854775807)::bigint
  FROM of_ideas i
  LEFT JOIN counted ON counted.idea_id = i.idea_id
  LEFT JOIN priced ON priced.idea_id = i.idea_id
  LEFT JOIN found ON found.idea_id = i.idea_id AND found.currency = coalesce(i.ask_currency, priced.currency)
ON CONFLICT (idea_id) DO UPDATE SET open_needs = excluded.open_needs, gap_minor = excluded.gap_minor
