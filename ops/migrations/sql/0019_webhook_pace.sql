-- Many endpoints cost little where they are not meant; see ops/decisions/0036.

-- A list of changes that are not in the index yet would be read by every look into it.
ALTER INDEX webhook_endpoints_told SET (fastupdate = off);

-- Those who are behind are found in the order of the log, so that one read of it serves all who stand together.
DROP INDEX webhook_endpoints_behind;
CREATE INDEX webhook_endpoints_behind ON webhook_endpoints (behind_at, endpoint_id)
  WHERE behind_at IS NOT NULL AND is_verified AND pause_cause IS NULL;

-- How an endpoint fares is written often, and is in no index: with room on its page it needs no new entries in any.
ALTER TABLE webhook_endpoints SET (fillfactor = 70);
