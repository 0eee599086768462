SELECT need_id, kind, title, description, size, cost_minor, cost_currency
  FROM coverage.needs
 WHERE idea_id = $1
 ORDER BY ordinal, need_id
 LIMIT 1000
