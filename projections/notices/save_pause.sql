INSERT INTO pauses (position, endpoint_id, host, after)
SELECT $2, endpoint_id, host, $3 FROM endpoints WHERE endpoint_id = $1
