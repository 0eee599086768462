INSERT INTO pledges (pledge_id, pool_id, organisation_id, mandate_id, kind, amount, conditions, description, made_at,
                     vetoable_until, is_standing, position)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9, $10, $11, $12)
