SELECT count(*) FROM (
  SELECT FROM notices.notices WHERE recipient = ANY ($1)
   AND position > $2 AND (kind <> ALL ($4::text[]) OR recipient = ANY ($5)) LIMIT $3) AS unread
