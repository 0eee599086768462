UPDATE votes v SET ended = gone.ended
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS gone (idea_id, person_id, ended)
 WHERE v.person_id = gone.person_id AND v.idea_id = gone.idea_id AND v.ended IS NULL
