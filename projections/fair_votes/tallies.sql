SELECT idea_id, votes, verified_votes, set_aside, position FROM fair_votes.tallies WHERE idea_id = ANY($1::uuid[])
