-- Up to where an endpoint was told of everything: before the first that waits, or where it is behind, or else where the
-- dispatcher is. What comes later may be on its way to it already, and is then not sent again.
SELECT coalesce(
  (SELECT min(position) - 1 FROM webhook_deliveries WHERE endpoint_id = $1 AND ended_at IS NULL AND repetition = 0),
  (SELECT behind_at FROM webhook_endpoints WHERE endpoint_id = $1),
  (SELECT position FROM reactors WHERE reactor = 'webhooks'),
  0)
