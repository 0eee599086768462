SELECT owner FROM endpoints WHERE endpoint_id = $1
