SELECT f.funder_id, f.org_id, f.name, count(*) AS grants, count(*) FILTER (WHERE g.to_individual) AS to_individuals,
       min(g.awarded_at) AS first_awarded_at, max(g.awarded_at) AS last_awarded_at, max(g.position) AS position
  FROM past_grants.funders f JOIN past_grants.grants g USING (funder_id)
 WHERE f.funder_id = $1
 GROUP BY f.funder_id
