SELECT e.position, e.subject, e.actor, e.type, e.occurred_at, s.label, o.label AS organisation, c.changes
  FROM {entries} e
  LEFT JOIN audit_history.subjects s ON s.subject = e.subject
  LEFT JOIN audit_history.subjects o ON o.subject = e.organisation
  LEFT JOIN audit_history.changes c ON c.position = e.position
 WHERE {conditions}
 ORDER BY e.position {direction}
 LIMIT $1
