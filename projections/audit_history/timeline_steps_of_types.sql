-- Each type by its own index: a rare one is found without walking through all others.
(SELECT e.position, e.subject, e.within, e.organisation, e.actor, e.type, e.occurred_at,
        NULL::date AS day, 0 AS given, 0 AS taken_back
   FROM unnest({types}::text[]) wanted (type)
  CROSS JOIN LATERAL (SELECT * FROM audit_history.entries e
                       WHERE e.type = wanted.type AND e.type NOT IN ({together}) AND {conditions}
                       ORDER BY e.position DESC LIMIT $1) e
  ORDER BY e.position DESC LIMIT $1)
