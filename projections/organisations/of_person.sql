SELECT o.organisation_id, o.name, m.roles
  FROM organisations.members m JOIN organisations.organisations o USING (organisation_id)
 WHERE m.person_id = $1
 ORDER BY o.sort_key, o.organisation_id
 LIMIT $2
