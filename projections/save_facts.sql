INSERT INTO facts (idea_id, ended, launched, committed, open_pools, accepted_offers)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (idea_id) DO UPDATE SET ended = excluded.ended, launched = excluded.launched, committed = excluded.committed,
  open_pools = excluded.open_pools, accepted_offers = excluded.accepted_offers
