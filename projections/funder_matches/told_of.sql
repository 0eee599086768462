SELECT a.mandate_id, a.idea_id, a.told_at
  FROM unnest($1::uuid[], $2::uuid[]) n(mandate_id, idea_id) JOIN funder_matches.alerts a USING (mandate_id, idea_id)
