SELECT day, (sum(change) OVER (ORDER BY day))::integer AS votes
  FROM (SELECT (occurred_at AT TIME ZONE 'UTC')::date AS day,
               count(*) FILTER (WHERE type = 'VoteCast') - count(*) FILTER (WHERE type = 'VoteWithdrawn') AS change
          FROM audit_history.entries
         WHERE subject = $1 AND position <= $2 AND occurred_at <= $3 AND type IN ('VoteCast', 'VoteWithdrawn')
         GROUP BY 1) d
 ORDER BY day LIMIT 5000
