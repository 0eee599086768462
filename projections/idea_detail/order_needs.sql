UPDATE needs n SET place = w.place
  FROM unnest($2::uuid[]) WITH ORDINALITY w(need_id, place) WHERE n.idea_id = $1 AND n.need_id = w.need_id
