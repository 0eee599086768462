-- The newest that was opened by then, and one that was cancelled by then only where there is no other.
SELECT opened.subject
  FROM audit_history.entries opened
 WHERE opened.within = $1 AND opened.type = 'PoolOpened' AND opened.position <= $2 AND opened.occurred_at <= $3
 ORDER BY EXISTS (SELECT FROM audit_history.entries cancelled
                   WHERE cancelled.subject = opened.subject AND cancelled.type = 'PoolCancelled'
                     AND cancelled.position <= $2 AND cancelled.occurred_at <= $3),
          opened.occurred_at DESC, opened.position DESC
 LIMIT 1
