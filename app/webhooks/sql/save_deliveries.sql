INSERT INTO webhook_deliveries (endpoint_id, position, stream, repetition)
SELECT *, $4 FROM unnest($1::uuid[], $2::bigint[], $3::text[])
ON CONFLICT ON CONSTRAINT webhook_deliveries_once DO NOTHING
