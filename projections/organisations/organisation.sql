SELECT o.*, m.*
  FROM organisations.organisations o
 CROSS JOIN LATERAL (
   SELECT count(*) AS members, count(*) FILTER (WHERE 'offers' = ANY(roles)) AS offers,
          count(*) FILTER (WHERE 'funder' = ANY(roles)) AS funders, count(*) FILTER (WHERE 'admin' = ANY(roles)) AS admins
     FROM organisations.members WHERE organisation_id = o.organisation_id) m
 WHERE o.organisation_id = $1
