UPDATE quarantines SET people = people + $2, until = $3 WHERE quarantine_id = $1
