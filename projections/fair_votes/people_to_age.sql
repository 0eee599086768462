SELECT person_id FROM fair_votes.people p
 WHERE origin = 'account' AND NOT by_age AND joined_at < $1
   AND NOT EXISTS (SELECT FROM fair_votes.quarantined d WHERE d.person_id = p.person_id)
 ORDER BY joined_at
 LIMIT $2
