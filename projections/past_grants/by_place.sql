SELECT place, count(*) AS grants
  FROM past_grants.grants, unnest(places) AS place
 WHERE funder_id = $1 AND currency = $2
 GROUP BY place ORDER BY 2 DESC, place LIMIT $3
