SELECT q.quarantine_id, q.signal, q.reason, q.idea_ids, q.since, q.until, q.people, q.raised_at, q.position,
       q.lifted_at, q.lifted_position, q.lifted_reason,
       (SELECT coalesce(sum(s.votes), 0)::integer FROM fair_votes.set_aside s WHERE s.quarantine_id = q.quarantine_id) AS votes
  FROM fair_votes.quarantines q
 WHERE q.position < $1 AND ($2::uuid IS NULL OR q.quarantine_id = $2)
   AND ($3::uuid IS NULL OR EXISTS (
     SELECT FROM fair_votes.set_aside s WHERE s.idea_id = $3 AND s.quarantine_id = q.quarantine_id))
 ORDER BY q.position DESC
 LIMIT $4
