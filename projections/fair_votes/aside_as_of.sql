SELECT q.quarantine_id, q.signal, q.reason, count(v.person_id)::integer AS votes, q.raised_at, q.position,
       q.lifted_at, q.lifted_position, q.lifted_reason
  FROM fair_votes.set_aside s
  JOIN fair_votes.quarantines q USING (quarantine_id)
  JOIN fair_votes.quarantined d USING (quarantine_id)
  LEFT JOIN fair_votes.votes v
    ON v.idea_id = s.idea_id AND v.person_id = d.person_id AND v.position <= $2 AND (v.ended IS NULL OR v.ended > $2)
 WHERE s.idea_id = $1 AND d.position <= $2 AND (q.lifted_position IS NULL OR q.lifted_position > $2)
 GROUP BY q.quarantine_id
HAVING count(v.person_id) > 0
 ORDER BY q.position DESC
 LIMIT $3
