INSERT INTO vote_days AS d (subject, day, given, taken_back, last_position)
SELECT * FROM unnest($1::uuid[], $2::date[], $3::integer[], $4::integer[], $5::bigint[])
ON CONFLICT (subject, day) DO UPDATE
   SET given = d.given + excluded.given, taken_back = d.taken_back + excluded.taken_back,
       last_position = greatest(d.last_position, excluded.last_position)
