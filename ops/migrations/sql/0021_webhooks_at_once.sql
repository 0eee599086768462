-- How much an endpoint is sent at once follows from how it fares; see ops/decisions/0036.
ALTER TABLE webhook_endpoints ADD COLUMN at_once integer NOT NULL DEFAULT 2;
