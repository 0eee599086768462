CREATE TABLE pools (
  pool_id          uuid PRIMARY KEY,
  idea_id          uuid NOT NULL,
  opened_by        uuid NOT NULL,
  organisation_id  uuid,
  status           text NOT NULL,   -- open, committed, lapsed or cancelled
  currency         text NOT NULL,
  minimum          bigint NOT NULL, -- amounts in minor units
  target           bigint NOT NULL,
  ceiling          bigint,
  deadline         timestamptz NOT NULL,
  counts_in_kind   boolean NOT NULL,
  opened_at        timestamptz NOT NULL,
  ended_at         timestamptz,
  at_deadline      boolean NOT NULL DEFAULT false,
  reason           text NOT NULL DEFAULT '',
  promised         bigint NOT NULL DEFAULT 0,  -- the sum of all pledges in full, which no resolution passes
  resolved_total   bigint,
  committed_total  bigint,
  version          integer NOT NULL,
  position         bigint NOT NULL
);
CREATE INDEX pools_of_idea ON pools (idea_id, opened_at DESC);
CREATE INDEX pools_by_status ON pools (status, opened_at DESC, pool_id DESC);
CREATE INDEX pools_by_time ON pools (opened_at DESC, pool_id DESC);
CREATE INDEX pools_open ON pools (deadline) WHERE status = 'open';

CREATE TABLE pledges (
  pledge_id       uuid PRIMARY KEY,
  pool_id         uuid NOT NULL,
  organisation_id uuid NOT NULL,
  mandate_id      uuid,
  kind            text NOT NULL,
  amount          bigint NOT NULL,
  conditions      jsonb NOT NULL,
  description     text NOT NULL,
  made_at         timestamptz NOT NULL,
  revised_at      timestamptz,
  vetoable_until  timestamptz,
  is_standing     boolean NOT NULL,  -- made by a mandate by itself
  withdrawn_at    timestamptz,
  resolved        bigint,            -- when the pool ended
  committed       bigint,
  binding         text[] NOT NULL DEFAULT '{}',
  confirmed_at    timestamptz,
  document        text,
  position        bigint NOT NULL
);
CREATE INDEX pledges_of_pool ON pledges (pool_id, made_at, pledge_id);
CREATE INDEX pledges_of_organisation ON pledges (organisation_id, made_at DESC);

CREATE TABLE milestones (
  milestone_id uuid NOT NULL,
  pool_id      uuid NOT NULL,
  title        text NOT NULL,
  amount       bigint NOT NULL,
  planned_at   timestamptz NOT NULL,
  reached_at   timestamptz,
  link         text,
  note         text NOT NULL DEFAULT '',
  released_at  timestamptz,
  position     bigint NOT NULL,
  PRIMARY KEY (pool_id, milestone_id)
);

CREATE TABLE tranche_parts (
  pool_id      uuid NOT NULL,
  milestone_id uuid NOT NULL,
  pledge_id    uuid NOT NULL,
  amount       bigint NOT NULL,
  PRIMARY KEY (pool_id, milestone_id, pledge_id)
);
