UPDATE endpoints SET host = $2 WHERE endpoint_id = $1
