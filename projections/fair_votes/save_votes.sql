INSERT INTO votes (idea_id, person_id, position, cast_at, ended)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::bigint[])
