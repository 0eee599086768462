SELECT * FROM funder_matches.mandates WHERE mandate_id = ANY($1::uuid[])
