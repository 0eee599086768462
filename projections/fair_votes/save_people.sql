INSERT INTO people (person_id, origin, joined_at, verified, by_age, aside)
SELECT person_id, origin, joined_at, verified, by_age, aside::uuid[]
  FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::bigint[], $5::boolean[], $6::text[])
       AS fresh (person_id, origin, joined_at, verified, by_age, aside)
ON CONFLICT (person_id) DO UPDATE
   SET origin = excluded.origin, joined_at = excluded.joined_at, verified = excluded.verified,
       by_age = excluded.by_age, aside = excluded.aside
