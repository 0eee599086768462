SELECT person_id, roles, since
  FROM organisations.members
 WHERE organisation_id = $2 AND ($3::timestamptz IS NULL OR (since, person_id) > ($3, $4::uuid))
 ORDER BY since, person_id
 LIMIT $1
