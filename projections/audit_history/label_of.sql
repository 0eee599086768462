SELECT label FROM audit_history.subjects WHERE subject = $1
