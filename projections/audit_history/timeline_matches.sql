-- A day on which one idea came to fit is told as the event that it is.
(SELECT m.last_position AS position, m.subject, NULL::uuid AS within, m.organisation, NULL::uuid AS actor,
        'MandateMatched' AS type, m.day::timestamp AT TIME ZONE 'UTC' AS occurred_at,
        CASE WHEN m.matched > 1 THEN m.day END AS day, m.matched AS given, 0 AS taken_back
   FROM audit_history.match_days m
  WHERE {conditions}
  ORDER BY m.last_position DESC LIMIT $1)
