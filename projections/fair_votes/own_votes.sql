SELECT v.idea_id, v.position, v.person_id, v.cast_at,
       CASE WHEN p.aside <> '{}' THEN 'set_aside' WHEN p.verified IS NOT NULL THEN 'verified' ELSE 'unverified' END AS counts_as,
       coalesce(p.aside, '{}') AS quarantine_ids
  FROM fair_votes.votes v LEFT JOIN fair_votes.people p USING (person_id)
 WHERE v.person_id = $1 AND v.ended IS NULL AND ($2::uuid IS NULL OR v.idea_id = $2) AND v.position < $3
 ORDER BY v.position DESC
 LIMIT $4
