SELECT stream, version FROM streams WHERE stream = ANY($1::text[])
