SELECT q.quarantine_id, q.lifted_position IS NULL AS stands, array_agg(p.person_id) AS people
  FROM quarantines q JOIN quarantined p USING (quarantine_id)
 WHERE q.quarantine_id = ANY($1::uuid[])
 GROUP BY q.quarantine_id
