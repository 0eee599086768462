WITH aside AS (
  SELECT DISTINCT d.person_id
    FROM fair_votes.set_aside s
    JOIN fair_votes.quarantines q USING (quarantine_id)
    JOIN fair_votes.quarantined d USING (quarantine_id)
   WHERE s.idea_id = $1 AND d.position <= $2 AND (q.lifted_position IS NULL OR q.lifted_position > $2))
SELECT count(*)::integer AS votes,
       count(*) FILTER (WHERE a.person_id IS NULL AND p.verified <= $2)::integer AS verified_votes,
       count(a.person_id)::integer AS set_aside
  FROM fair_votes.votes v
  LEFT JOIN fair_votes.people p USING (person_id)
  LEFT JOIN aside a USING (person_id)
 WHERE v.idea_id = $1 AND v.position <= $2 AND (v.ended IS NULL OR v.ended > $2)
