SELECT idea_id FROM fair_votes.votes WHERE person_id = $1 AND ended IS NULL AND idea_id = ANY($2::uuid[])
