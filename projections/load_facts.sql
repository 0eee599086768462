SELECT idea_id, ended, launched, committed, open_pools, accepted_offers FROM facts WHERE idea_id = ANY($1::uuid[])
