SELECT votes, verified_votes, set_aside, position FROM fair_votes.community_tallies WHERE community_id = $1
