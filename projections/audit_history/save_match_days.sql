INSERT INTO match_days AS d (subject, day, organisation, matched, last_position)
SELECT * FROM unnest($1::uuid[], $2::date[], $3::uuid[], $4::integer[], $5::bigint[])
ON CONFLICT (subject, day) DO UPDATE
   SET matched = d.matched + excluded.matched,
       last_position = greatest(d.last_position, excluded.last_position)
