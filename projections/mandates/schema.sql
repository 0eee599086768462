CREATE TABLE mandates (
  mandate_id       uuid PRIMARY KEY,
  organisation_id  uuid NOT NULL,
  published_by     uuid NOT NULL,
  title            text NOT NULL,
  terms            text NOT NULL,
  themes           text[] NOT NULL,
  places           text[] NOT NULL,
  within           text[] NOT NULL,  -- themes and places with all that contain them, each with its kind
  stages           text[] NOT NULL,
  currency         text NOT NULL,
  ticket_min_minor bigint NOT NULL,
  ticket_max_minor bigint NOT NULL,
  budget_minor     bigint NOT NULL,
  reserved_minor   bigint NOT NULL,  -- set aside for pledges, what is committed included
  committed_minor  bigint NOT NULL,
  opens_at         timestamptz NOT NULL,
  closes_at        timestamptz NOT NULL,
  mode             text NOT NULL,
  thresholds       jsonb NOT NULL,
  conditions       jsonb NOT NULL,
  veto_hours       integer NOT NULL,
  state            text NOT NULL,  -- open, paused or closed; time tells the rest
  revision         integer NOT NULL,
  published_at     timestamptz NOT NULL,
  closed_at        timestamptz,
  closed_reason    text,
  expired          boolean NOT NULL,
  position         bigint NOT NULL
);
CREATE INDEX mandates_newest ON mandates (published_at DESC, mandate_id DESC);
CREATE INDEX mandates_organisation ON mandates (organisation_id, published_at DESC, mandate_id DESC);
CREATE INDEX mandates_ending ON mandates (closes_at) WHERE state <> 'closed';

CREATE TABLE revisions (
  mandate_id uuid NOT NULL,
  revision   integer NOT NULL,
  statement  jsonb NOT NULL,
  reason     text NOT NULL,
  revised_by uuid,
  revised_at timestamptz NOT NULL,
  position   bigint NOT NULL,
  PRIMARY KEY (mandate_id, revision)
);

CREATE TABLE reservations (
  mandate_id      uuid NOT NULL,
  pledge_id       uuid NOT NULL,
  pool_id         uuid NOT NULL,
  reserved_minor  bigint NOT NULL,
  committed_minor bigint NOT NULL,
  PRIMARY KEY (mandate_id, pledge_id)
);
CREATE INDEX reservations_pledge ON reservations (pledge_id);
