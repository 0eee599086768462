INSERT INTO offers (offer_id, idea_id, made_by, organisation_id, made_at, needs, part, search, status, reason, link,
                    changed_at, version, position)
SELECT offer_id, idea_id, made_by, organisation_id, made_at, needs::uuid[], part::jsonb, search, status, reason, link,
       changed_at, version, position
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::text[], $7::text[], $8::text[],
              $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::integer[], $14::bigint[])
       AS n (offer_id, idea_id, made_by, organisation_id, made_at, needs, part, search, status, reason, link, changed_at,
             version, position)
