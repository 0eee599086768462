-- The ideas for which the votes of some people stand, among them those of some quarantines.
SELECT DISTINCT idea_id FROM fair_votes.votes
 WHERE ended IS NULL
   AND person_id = ANY($1::uuid[] || ARRAY(
     SELECT person_id FROM fair_votes.quarantined WHERE quarantine_id = ANY($2::uuid[])))
