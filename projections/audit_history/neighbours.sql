-- The steps of a thing's story just before and just after a position.
SELECT greatest(
  (SELECT max(position) FROM audit_history.entries
    WHERE subject = $1 AND type NOT IN ('VoteCast', 'VoteWithdrawn') AND position < $2),
  (SELECT max(position) FROM audit_history.entries WHERE within = $1 AND position < $2),
  (SELECT max(last_position) FROM audit_history.vote_days WHERE subject = $1 AND last_position < $2)) AS before,
least(
  (SELECT min(position) FROM audit_history.entries
    WHERE subject = $1 AND type NOT IN ('VoteCast', 'VoteWithdrawn') AND position > $2),
  (SELECT min(position) FROM audit_history.entries WHERE within = $1 AND position > $2),
  (SELECT min(last_position) FROM audit_history.vote_days WHERE subject = $1 AND last_position > $2)) AS after
