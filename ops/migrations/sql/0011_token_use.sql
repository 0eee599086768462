-- When a token was used last, to the minute.

ALTER TABLE tokens ADD COLUMN last_used_at timestamptz;
