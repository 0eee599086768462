SELECT *
  FROM mandates.mandates
 WHERE {conditions}
 ORDER BY published_at DESC, mandate_id DESC
 LIMIT $1
