SELECT id, changed, is_idea
  FROM (
    (SELECT idea_id AS id, changed, true AS is_idea FROM funder_matches.ideas
      WHERE changed > $1 AND changed <= $2 ORDER BY changed FETCH FIRST ($3::bigint) ROWS WITH TIES)
    UNION ALL
    (SELECT mandate_id, changed, false FROM funder_matches.mandates
      WHERE changed > $1 AND changed <= $2 ORDER BY changed FETCH FIRST ($3::bigint) ROWS WITH TIES)) either
 ORDER BY changed
 FETCH FIRST ($3::bigint) ROWS WITH TIES
