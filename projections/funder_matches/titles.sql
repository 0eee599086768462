SELECT mandate_id, title FROM funder_matches.mandates WHERE mandate_id = ANY($1::uuid[])
