SELECT person_id, idea_id FROM votes WHERE person_id = ANY($1::uuid[]) AND ended IS NULL
