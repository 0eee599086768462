DELETE FROM members WHERE organisation_id = $1 AND person_id = $2
