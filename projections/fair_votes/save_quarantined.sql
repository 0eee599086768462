INSERT INTO quarantined (quarantine_id, person_id, position) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[])
