SELECT mandate_id FROM funder_matches.mandates WHERE status = 'open' AND opens_at > $1 AND opens_at <= $2 AND opens_at > said_at
