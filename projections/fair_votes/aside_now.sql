SELECT q.quarantine_id, q.signal, q.reason, s.votes, q.raised_at, q.position, q.lifted_at, q.lifted_position, q.lifted_reason
  FROM fair_votes.set_aside s JOIN fair_votes.quarantines q USING (quarantine_id)
 WHERE s.idea_id = $1
 ORDER BY q.position DESC
 LIMIT $2
