SELECT greatest(
  (SELECT position FROM audit_history.entries
    WHERE subject = $1 AND position <= $2 AND occurred_at <= $3 AND type = ANY ($4) ORDER BY position DESC LIMIT 1),
  (SELECT position FROM audit_history.entries
    WHERE within = $1 AND position <= $2 AND occurred_at <= $3 AND type = ANY ($4) ORDER BY position DESC LIMIT 1))
