INSERT INTO quarantines (quarantine_id, signal, reason, idea_ids, since, until, people, raised_at, position)
VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)
