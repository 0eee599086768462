(SELECT * FROM audit_history.entries WHERE subject = $2
  UNION ALL
 SELECT * FROM audit_history.entries WHERE within = $2)
