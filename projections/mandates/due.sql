SELECT mandate_id FROM mandates.mandates WHERE state <> 'closed' AND closes_at <= $1 ORDER BY closes_at LIMIT $2
