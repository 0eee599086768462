SELECT currency, count(*) AS grants,
       percentile_disc(0.25) WITHIN GROUP (ORDER BY amount_minor) AS lower_quartile_minor,
       percentile_disc(0.75) WITHIN GROUP (ORDER BY amount_minor) AS upper_quartile_minor,
       (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY total)
          FROM (SELECT sum(y.amount_minor)::bigint AS total FROM past_grants.grants y
                 WHERE y.funder_id = $1 AND y.currency = g.currency
                 GROUP BY extract(year FROM y.awarded_at AT TIME ZONE 'UTC')) years) AS year_minor
  FROM past_grants.grants g
 WHERE funder_id = $1 AND amount_minor > 0
 GROUP BY currency ORDER BY 2 DESC, currency LIMIT 1
