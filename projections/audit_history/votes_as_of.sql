SELECT (count(*) FILTER (WHERE type = 'VoteCast') - count(*) FILTER (WHERE type = 'VoteWithdrawn'))::integer
  FROM audit_history.entries
 WHERE subject = $1 AND position <= $2 AND occurred_at <= $3 AND type IN ('VoteCast', 'VoteWithdrawn')
