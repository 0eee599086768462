INSERT INTO changes (position, changes) VALUES ($1, $2)
