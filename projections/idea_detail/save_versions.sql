UPDATE ideas i SET version = n.version
  FROM unnest($1::uuid[], $2::integer[]) n(idea_id, version) WHERE i.idea_id = n.idea_id
