SELECT o.*, m.*
  FROM organisations.organisations o
 CROSS JOIN LATERAL (
   SELECT count(*) AS members, count(*) FILTER (WHERE 'offers' = ANY(roles)) AS offers,
          count(*) FILTER (WHERE 'funder' = ANY(roles)) AS funders, count(*) FILTER (WHERE 'admin' = ANY(roles)) AS admins
     FROM organisations.members WHERE organisation_id = o.organisation_id) m
 WHERE ($2::text IS NULL OR o.search LIKE $2) AND ($3::text IS NULL OR (o.sort_key, o.organisation_id) > ($3, $4::uuid))
 ORDER BY o.sort_key, o.organisation_id
 LIMIT $1
