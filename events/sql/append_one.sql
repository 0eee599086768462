SELECT status, reached, at_version
  FROM append_one($1::text, $2::integer, $3::text::uuid, $4::text, $5::text, $6::text)
