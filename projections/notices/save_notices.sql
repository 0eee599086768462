INSERT INTO notices (recipient, position, kind, actor, idea_id, organisation_id, offer_id, mandate_id, pool_id,
                     amount_minor, currency, reason, until, happened_at)
SELECT recipient, $2::bigint, $3::text, $4::uuid, $5::uuid, $6::uuid, $7::uuid, $8::uuid, $9::uuid,
       $10::bigint, $11::text, $12::text, $13::timestamptz, $14::timestamptz
  FROM unnest($1::uuid[]) AS recipient
ON CONFLICT (recipient, position) DO NOTHING
