SELECT organisation_id, name FROM organisations.organisations WHERE organisation_id = ANY($1::uuid[])
