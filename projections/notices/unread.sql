SELECT count(*) FROM (
  SELECT FROM notices.notices WHERE recipient = ANY ($1) AND position > $2 LIMIT $3) AS unread
