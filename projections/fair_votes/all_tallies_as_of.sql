WITH aside AS (
  SELECT DISTINCT d.person_id
    FROM fair_votes.quarantines q JOIN fair_votes.quarantined d USING (quarantine_id)
   WHERE d.position <= $1 AND (q.lifted_position IS NULL OR q.lifted_position > $1))
SELECT v.idea_id, count(*)::integer AS votes,
       count(*) FILTER (WHERE a.person_id IS NULL AND p.verified <= $1)::integer AS verified_votes,
       count(a.person_id)::integer AS set_aside
  FROM fair_votes.votes v
  LEFT JOIN fair_votes.people p USING (person_id)
  LEFT JOIN aside a USING (person_id)
 WHERE v.position <= $1 AND (v.ended IS NULL OR v.ended > $1) AND ($2::uuid IS NULL OR v.idea_id = $2)
 GROUP BY v.idea_id
