-- Without a status it was not answered but revised, which brings a declined offer back.
UPDATE offers f
   SET needs = coalesce(n.needs::uuid[], f.needs), part = coalesce(n.part::jsonb, f.part), search = coalesce(n.search, f.search),
       status = coalesce(n.status, CASE f.status WHEN 'declined' THEN 'offered' ELSE f.status END),
       reason = n.reason, link = CASE WHEN n.status IS NULL THEN f.link ELSE n.link END,
       changed_at = n.changed_at, version = n.version, position = n.position
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
              $9::integer[], $10::bigint[])
       AS n (offer_id, needs, part, search, status, reason, link, changed_at, version, position)
 WHERE f.offer_id = n.offer_id
