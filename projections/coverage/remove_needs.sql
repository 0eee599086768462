DELETE FROM needs n
 USING unnest($1::uuid[], $2::uuid[]) AS gone (idea_id, need_id)
 WHERE n.idea_id = gone.idea_id AND n.need_id = gone.need_id
