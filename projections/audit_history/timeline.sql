SELECT t.position, t.subject, t.within, t.organisation AS organisation_id, t.actor, t.type, t.occurred_at,
       t.day, t.given, t.taken_back, s.label, w.label AS within_label, o.label AS organisation, c.changes
  FROM (SELECT * FROM ({branches}) b ORDER BY position DESC LIMIT $1) t
  LEFT JOIN audit_history.subjects s ON s.subject = t.subject
  LEFT JOIN audit_history.subjects w ON w.subject = t.within
  LEFT JOIN audit_history.subjects o ON o.subject = t.organisation
  LEFT JOIN audit_history.changes c ON c.position = t.position
 ORDER BY t.position DESC
