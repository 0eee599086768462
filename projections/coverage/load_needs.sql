SELECT idea_id, need_id, ordinal FROM needs WHERE idea_id = ANY($1::uuid[])
