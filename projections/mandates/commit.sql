WITH committed AS (
  UPDATE reservations r SET committed_minor = p.committed_minor
    FROM unnest($1::uuid[], $2::bigint[]) AS p (pledge_id, committed_minor)
   WHERE r.pledge_id = p.pledge_id
  RETURNING r.mandate_id, r.committed_minor)
UPDATE mandates m SET committed_minor = m.committed_minor + c.committed_minor, position = $3
  FROM (SELECT mandate_id, sum(committed_minor)::bigint AS committed_minor FROM committed GROUP BY mandate_id) c
 WHERE m.mandate_id = c.mandate_id
