-- Where programs are told of events, what is due there, and what came of it; see ops/decisions/0036.

-- What the dispatcher knows of endpoints, from their streams, as of its checkpoint.
CREATE TABLE webhook_endpoints (
  endpoint_id     uuid        CONSTRAINT webhook_endpoints_endpoint_id PRIMARY KEY,
  registered_by   uuid        NOT NULL,
  organisation_id uuid,
  types           text[]      NOT NULL,  -- as they were asked for
  type_names      text[]      NOT NULL,  -- the types of events that these mean
  ordered         boolean     NOT NULL,
  has_condition   boolean     NOT NULL,  -- which is sealed in its stream
  is_verified     boolean     NOT NULL DEFAULT false,
  rate_per_minute integer,
  pause_cause     text,
  version         integer     NOT NULL,  -- of its stream
  -- Nothing while it is told of events as they come; otherwise all after this position is still to be looked at.
  behind_at       bigint,
  failures        integer     NOT NULL DEFAULT 0,  -- in a row
  rests_until     timestamptz NOT NULL DEFAULT '-infinity',
  delivered_at    timestamptz,
  -- How often it was asked since it has this address whether it wants to be told, what it said, and when it may be again.
  asked           integer     NOT NULL DEFAULT 0,
  ask_at          timestamptz NOT NULL DEFAULT now(),
  ask_answer      text        NOT NULL DEFAULT ''
);
CREATE INDEX webhook_endpoints_told ON webhook_endpoints USING gin (type_names)
  WHERE behind_at IS NULL AND is_verified AND pause_cause IS NULL;
CREATE INDEX webhook_endpoints_behind ON webhook_endpoints (endpoint_id)
  WHERE behind_at IS NOT NULL AND is_verified AND pause_cause IS NULL;
CREATE INDEX webhook_endpoints_to_ask ON webhook_endpoints (ask_at) WHERE NOT is_verified;
CREATE INDEX webhook_endpoints_of_person ON webhook_endpoints (registered_by, endpoint_id);
CREATE INDEX webhook_endpoints_of_organisation ON webhook_endpoints (organisation_id, endpoint_id)
  WHERE organisation_id IS NOT NULL;

-- The keys that sign what is sent, each sealed with the key of its endpoint.
CREATE TABLE webhook_keys (
  key_id      uuid        CONSTRAINT webhook_keys_key_id PRIMARY KEY,
  endpoint_id uuid        NOT NULL,
  sealed      text        NOT NULL,
  made_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_keys_of_endpoint ON webhook_keys (endpoint_id);

CREATE TABLE webhook_deliveries (
  delivery_id bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT webhook_deliveries_delivery_id PRIMARY KEY,
  endpoint_id uuid        NOT NULL CONSTRAINT webhook_deliveries_endpoint_id REFERENCES webhook_endpoints,
  position    bigint      NOT NULL,
  stream      text        NOT NULL,
  repetition  bigint      NOT NULL DEFAULT 0,  -- 0 for the first time, otherwise that of the replay
  attempts    integer     NOT NULL DEFAULT 0,
  due_at      timestamptz NOT NULL DEFAULT now(),  -- while it is tried: when it may be tried again if nothing is heard
  ended_at    timestamptz,
  outcome     text,
  CONSTRAINT webhook_deliveries_once UNIQUE (endpoint_id, position, repetition),
  CONSTRAINT webhook_deliveries_outcome CHECK ((ended_at IS NULL) = (outcome IS NULL) AND outcome IN ('delivered', 'aborted'))
) WITH (fillfactor = 80);
CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (endpoint_id, delivery_id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_at, position) WHERE ended_at IS NULL;
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (endpoint_id, stream, position) WHERE ended_at IS NULL;
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;

-- What was asked for once more, as far as it is not noted yet.
CREATE TABLE webhook_replays (
  repetition  bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT webhook_replays_repetition PRIMARY KEY,
  endpoint_id uuid        NOT NULL CONSTRAINT webhook_replays_endpoint_id REFERENCES webhook_endpoints,
  asked_under uuid        CONSTRAINT webhook_replays_asked_under UNIQUE,  -- the caller's key, so that it is done once
  reached     bigint      NOT NULL,
  until       bigint      NOT NULL,
  asked_at    timestamptz NOT NULL DEFAULT now(),
  ended_at    timestamptz
);
CREATE INDEX webhook_replays_open ON webhook_replays (endpoint_id) WHERE ended_at IS NULL;

CREATE TABLE webhook_attempts (
  delivery_id  bigint      NOT NULL CONSTRAINT webhook_attempts_delivery_id REFERENCES webhook_deliveries ON DELETE CASCADE,
  attempt      integer     NOT NULL,
  began_at     timestamptz NOT NULL,
  milliseconds integer     NOT NULL,
  status       integer,            -- nothing when no answer came
  answer       text        NOT NULL,  -- what the answer began with
  error        text        NOT NULL,  -- why it was no success, in words
  CONSTRAINT webhook_attempts_once PRIMARY KEY (delivery_id, attempt)
);

INSERT INTO reactors (reactor) VALUES ('webhooks');

GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoints, webhook_keys, webhook_deliveries, webhook_replays, webhook_attempts
  TO open_impact_service;
