UPDATE pledges SET amount = $2, conditions = $3::text::jsonb, description = $4, revised_at = $5, position = $6
 WHERE pledge_id = $1
