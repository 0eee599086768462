(SELECT e.position, e.subject, e.within, e.organisation, e.actor, e.type, e.occurred_at,
        NULL::date AS day, 0 AS given, 0 AS taken_back
   FROM audit_history.entries e
  WHERE e.type NOT IN ({together}) AND {conditions}
  ORDER BY e.position DESC LIMIT $1)
