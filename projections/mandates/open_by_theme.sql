WITH by_funder AS (
  SELECT code, currency, organisation_id, sum(budget_minor - reserved_minor) AS left_minor
    FROM mandates.mandates
   CROSS JOIN LATERAL unnest(CASE WHEN themes = '{}' THEN ARRAY[''] ELSE within END) AS code
   WHERE state = 'open' AND closes_at > $1 AND opens_at <= $1 AND code = ANY ($2::text[])
   GROUP BY code, currency, organisation_id)
SELECT code, NULL AS currency, count(*) AS funders, NULL AS left_minor
  FROM (SELECT DISTINCT code, organisation_id FROM by_funder) one
 GROUP BY code
UNION ALL
SELECT code, currency, count(*), sum(left_minor)
  FROM by_funder
 GROUP BY code, currency
 ORDER BY code, currency NULLS FIRST
