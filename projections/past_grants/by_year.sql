SELECT extract(year FROM awarded_at AT TIME ZONE 'UTC')::integer AS year, currency, count(*) AS grants,
       sum(amount_minor)::bigint AS amount_minor
  FROM past_grants.grants WHERE funder_id = $1
 GROUP BY 1, 2 ORDER BY 1 DESC, 4 DESC LIMIT $2
