-- What decides what fits, of ideas and of mandates; a match itself is a question about a row of each, and no row.
-- Codes are compared byte by byte, which is twice as fast as by the rules of a language.

CREATE TABLE communities (
  community_id uuid PRIMARY KEY,
  threshold    integer NOT NULL
);

CREATE TABLE ideas (
  idea_id       uuid PRIMARY KEY,
  community_id  uuid NOT NULL,
  themes        text[] COLLATE "C" NOT NULL,
  wider         text[] COLLATE "C" NOT NULL,  -- what the themes lie right below
  theme_keys    text[] COLLATE "C" NOT NULL,  -- the themes with all that contain them
  places        text[] COLLATE "C" NOT NULL,
  place_keys    text[] COLLATE "C" NOT NULL,  -- the places with all that contain them
  ask_minor     bigint,
  ask_currency  text COLLATE "C",
  stage         text COLLATE "C" NOT NULL,
  since         timestamptz NOT NULL,
  pool_id       uuid,                         -- its open pool
  pool_currency text COLLATE "C",
  changed       bigint NOT NULL               -- the last event but votes, or the vote that moved it to another stage
);
CREATE INDEX ideas_theme_keys ON ideas USING gin (theme_keys) WITH (fastupdate = off);
CREATE INDEX ideas_place_keys ON ideas USING gin (place_keys) WITH (fastupdate = off);
CREATE INDEX ideas_places ON ideas USING gin (places) WITH (fastupdate = off);
CREATE INDEX ideas_pool ON ideas (pool_id) WHERE pool_id IS NOT NULL;
CREATE INDEX ideas_changed ON ideas (changed);
CREATE INDEX ideas_community ON ideas (community_id);

-- Votes change all the time, and what they do not decide is apart from them.
CREATE TABLE tallies (
  idea_id uuid PRIMARY KEY,
  votes   integer NOT NULL
) WITH (fillfactor = 70);

-- What decides the stage of an idea besides its votes.
CREATE TABLE facts (
  idea_id         uuid PRIMARY KEY,
  ended           text,
  launched        boolean NOT NULL,
  committed       boolean NOT NULL,
  open_pools      uuid[] NOT NULL,
  accepted_offers uuid[] NOT NULL
);

CREATE TABLE mandates (
  mandate_id      uuid PRIMARY KEY,
  organisation_id uuid NOT NULL,
  title           text NOT NULL,
  revision        integer NOT NULL,
  status          text COLLATE "C" NOT NULL,
  themes          text[] COLLATE "C" NOT NULL,
  places          text[] COLLATE "C" NOT NULL,
  stages          text[] COLLATE "C" NOT NULL,
  theme_keys      text[] COLLATE "C" NOT NULL,  -- the themes, or * for any
  place_keys      text[] COLLATE "C" NOT NULL,  -- the places, or * for any
  around_keys     text[] COLLATE "C" NOT NULL,  -- the places with all that contain them
  stage_keys      text[] COLLATE "C" NOT NULL,  -- the stages, or * for any
  currency        text COLLATE "C" NOT NULL,
  ticket_min      bigint NOT NULL,
  ticket_max      bigint NOT NULL,
  budget_minor    bigint NOT NULL,
  reserved_minor  bigint NOT NULL,
  opens_at        timestamptz NOT NULL,
  closes_at       timestamptz NOT NULL,
  mode            text COLLATE "C" NOT NULL,
  min_votes       integer NOT NULL,
  min_covered     integer NOT NULL,
  needs_pool      boolean NOT NULL,
  said_at         timestamptz NOT NULL,
  changed         bigint NOT NULL               -- the last event that may make something fit
);
CREATE INDEX mandates_theme_keys ON mandates USING gin (theme_keys) WITH (fastupdate = off);
CREATE INDEX mandates_place_keys ON mandates USING gin (place_keys) WITH (fastupdate = off);
CREATE INDEX mandates_around_keys ON mandates USING gin (around_keys) WITH (fastupdate = off);
CREATE INDEX mandates_organisation ON mandates (organisation_id);
CREATE INDEX mandates_changed ON mandates (changed);

-- Of which matches a funder was told, as they were then.
CREATE TABLE alerts (
  mandate_id uuid NOT NULL,
  idea_id    uuid NOT NULL,
  revision   integer NOT NULL,
  score      integer NOT NULL,
  told_at    timestamptz NOT NULL,
  position   bigint NOT NULL,
  PRIMARY KEY (mandate_id, idea_id)
);
CREATE INDEX alerts_newest ON alerts (mandate_id, position DESC);
