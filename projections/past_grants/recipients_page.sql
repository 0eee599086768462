SELECT *
  FROM (SELECT recipient_id, max(recipient_name) AS name, currency, count(*) AS grants, sum(amount_minor)::bigint AS amount_minor,
               max(awarded_at) AS last_awarded_at
          FROM past_grants.grants WHERE funder_id = $2 AND recipient_id IS NOT NULL
         GROUP BY recipient_id, currency) r
 WHERE $3::bigint IS NULL OR (amount_minor, recipient_id, currency) < ($3, $4::text, $5::text)
 ORDER BY amount_minor DESC, recipient_id DESC, currency DESC
 LIMIT $1
