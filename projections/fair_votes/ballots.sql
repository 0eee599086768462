SELECT v.position, v.person_id, v.cast_at,
       CASE WHEN a.quarantine_ids IS NOT NULL THEN 'set_aside' WHEN p.verified <= $2 THEN 'verified' ELSE 'unverified' END
         AS counts_as,
       coalesce(a.quarantine_ids, '{}') AS quarantine_ids
  FROM fair_votes.votes v
  LEFT JOIN fair_votes.people p USING (person_id)
  LEFT JOIN LATERAL (
    SELECT array_agg(q.quarantine_id ORDER BY q.position) AS quarantine_ids
      FROM fair_votes.quarantined d JOIN fair_votes.quarantines q USING (quarantine_id)
     WHERE d.person_id = v.person_id AND d.position <= $2 AND (q.lifted_position IS NULL OR q.lifted_position > $2)) a
    ON true
 WHERE v.idea_id = $1 AND v.position <= $2 AND (v.ended IS NULL OR v.ended > $2) AND v.position > $3
 ORDER BY v.position
 LIMIT $4
