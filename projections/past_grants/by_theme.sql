SELECT theme, count(*) AS grants, sum(amount_minor)::bigint AS amount_minor
  FROM past_grants.grants, unnest(themes) AS theme
 WHERE funder_id = $1 AND currency = $2
 GROUP BY theme ORDER BY 2 DESC, 3 DESC, theme LIMIT $3
