SELECT idea_id, t.verified_votes, coalesce(m.mark, 0) AS mark, coalesce(m.version, 0) AS version
  FROM fair_votes.tallies t LEFT JOIN fair_votes.marks m USING (idea_id)
 WHERE idea_id = ANY($1::uuid[]) AND t.verified_votes > coalesce(m.mark, 0)
 ORDER BY idea_id
