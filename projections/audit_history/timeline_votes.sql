(SELECT d.last_position AS position, d.subject, NULL::uuid AS within, NULL::uuid AS organisation, NULL::uuid AS actor,
        'VoteCast' AS type, d.day::timestamp AT TIME ZONE 'UTC' AS occurred_at, d.day, d.given, d.taken_back
   FROM audit_history.vote_days d
  WHERE {conditions}
  ORDER BY d.last_position DESC LIMIT $1)
