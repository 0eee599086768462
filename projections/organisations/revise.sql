UPDATE organisations SET name = $2::text, sort_key = lower($2::text), search = lower(concat_ws(' ', $2::text, org_id)), website = $3
 WHERE organisation_id = $1
