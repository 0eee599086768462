SELECT person_id, origin, joined_at, verified, by_age, aside FROM people WHERE person_id = ANY($1::uuid[])
