-- Whom an event concerns follows from what happened before: whose the idea, the offer, the mandate and the pool are.
CREATE TABLE ideas (
  idea_id   uuid PRIMARY KEY,
  author_id uuid NOT NULL,
  title     text NOT NULL
);

CREATE TABLE organisations (
  organisation_id uuid PRIMARY KEY,
  name            text NOT NULL
);

CREATE TABLE offers (
  offer_id uuid PRIMARY KEY,
  made_for uuid NOT NULL,  -- the organisation, or the person where there is none
  title    text NOT NULL
);

CREATE TABLE mandates (
  mandate_id uuid PRIMARY KEY,
  title      text NOT NULL
);

CREATE TABLE pools (
  pool_id  uuid PRIMARY KEY,
  made_for uuid NOT NULL  -- the organisation that opened it, or the person
);

CREATE TABLE pledgers (
  pool_id         uuid NOT NULL,
  organisation_id uuid NOT NULL,
  PRIMARY KEY (pool_id, organisation_id)
);

CREATE TABLE endpoints (
  endpoint_id uuid PRIMARY KEY,
  owner       uuid NOT NULL,  -- the organisation it is for, or who registered it
  host        text NOT NULL   -- of its address no more than this: the rest may be a secret
);

-- Pauses that no owner asked for, with the host as it was then: whoever is gone may move.
CREATE TABLE pauses (
  position    bigint PRIMARY KEY,
  endpoint_id uuid NOT NULL,
  host        text NOT NULL,
  after       bigint NOT NULL,  -- what comes after this position was not delivered
  is_over     boolean NOT NULL DEFAULT false
);
CREATE INDEX pauses_endpoint ON pauses (endpoint_id);

CREATE TABLE notices (
  recipient       uuid NOT NULL,  -- a person, or an organisation
  position        bigint NOT NULL,
  kind            text NOT NULL,
  actor           uuid,           -- who did it, if anybody did
  idea_id         uuid,           -- of which idea, if of any
  organisation_id uuid,           -- for whom it was done
  offer_id        uuid,
  mandate_id      uuid,
  pool_id         uuid,
  amount_minor    bigint,
  currency        text,
  reason          text NOT NULL,
  until           timestamptz,    -- how long it can be vetoed
  happened_at     timestamptz NOT NULL,
  PRIMARY KEY (recipient, position)
);
CREATE INDEX notices_position ON notices (position, recipient);
