-- Lists travel as one text each, joined by the record separator, which JSON cannot contain: the
-- driver's own array encoding costs more than everything PostgreSQL does with them.
SELECT status, reached, at_version, answer
  FROM append_group(
    string_to_array($1::text, E'\x1e'), $2::text::integer[], $3::text::integer[], $4::text::integer[],
    $5::text::integer[], $6::text::integer[], string_to_array($7::text, E'\x1e'), $8::text::uuid[],
    string_to_array($9::text, E'\x1e'), string_to_array($10::text, E'\x1e'), string_to_array($11::text, E'\x1e'),
    $12::integer[], $13::uuid[], $14::bytea[], $15::text[], $16::boolean)
