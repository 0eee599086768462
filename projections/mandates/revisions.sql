SELECT revision, statement, reason, revised_at, position
  FROM mandates.revisions
 WHERE mandate_id = $2 AND ($3::integer IS NULL OR revision < $3)
 ORDER BY revision DESC
 LIMIT $1
