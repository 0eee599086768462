SELECT q.quarantine_id, q.signal, q.reason, q.idea_ids, q.since, q.until, q.people, q.raised_at, q.position,
       q.lifted_at, q.lifted_position, q.lifted_reason, s.votes
  FROM fair_votes.quarantines q
  JOIN (
    SELECT s.quarantine_id, sum(s.votes)::integer AS votes
      FROM fair_votes.set_aside s JOIN fair_votes.ideas i USING (idea_id)
     WHERE i.community_id = $1
     GROUP BY s.quarantine_id
  ) s USING (quarantine_id)
 WHERE q.position < $2
 ORDER BY q.position DESC
 LIMIT $3
