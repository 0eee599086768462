SELECT e.position, e.subject, e.actor, e.type, e.occurred_at, s.label, c.changes
  FROM audit_history.entries e
  LEFT JOIN audit_history.subjects s ON s.subject = e.subject
  LEFT JOIN audit_history.changes c ON c.position = e.position
 WHERE {conditions}
 ORDER BY e.position {direction}
 LIMIT $1
