SELECT n.*, i.title AS idea_title, o.name AS organisation_name, f.title AS offer_title, m.title AS mandate_title,
       r.name AS recipient_name, p.endpoint_id, p.host, CASE WHEN NOT p.is_over THEN p.after END AS after
  FROM notices.notices n
  LEFT JOIN notices.ideas i ON i.idea_id = n.idea_id
  LEFT JOIN notices.organisations o ON o.organisation_id = n.organisation_id
  LEFT JOIN notices.organisations r ON r.organisation_id = n.recipient
  LEFT JOIN notices.offers f ON f.offer_id = n.offer_id
  LEFT JOIN notices.mandates m ON m.mandate_id = n.mandate_id
  LEFT JOIN notices.pauses p ON p.position = n.position
 WHERE n.recipient = ANY ($2) AND ($3::bigint IS NULL OR (n.position, n.recipient) < ($3, $4::uuid))
   AND (n.kind <> ALL ($5::text[]) OR n.recipient = ANY ($6))
 ORDER BY n.position DESC, n.recipient DESC
 LIMIT $1
