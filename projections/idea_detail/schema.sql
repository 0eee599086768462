CREATE TABLE communities (
  community_id uuid PRIMARY KEY,
  slug         text NOT NULL UNIQUE,
  name         text NOT NULL,
  threshold    integer NOT NULL,
  opens_at     timestamptz,
  closes_at    timestamptz,
  paused       boolean NOT NULL DEFAULT false,
  ideas        integer NOT NULL DEFAULT 0
);

CREATE TABLE ideas (
  idea_id        uuid PRIMARY KEY,
  community_id   uuid NOT NULL,
  author_id      uuid NOT NULL,
  title          text NOT NULL,
  problem        text NOT NULL,
  proposal       text NOT NULL,
  beneficiaries  text NOT NULL,
  themes         text[] NOT NULL,
  places         text[] NOT NULL,
  ask_minor      bigint,
  ask_currency   text,
  source_system  text,
  source_collection text,
  source_id      text,
  logged_at      timestamptz NOT NULL,
  revised_at     timestamptz,
  withdrawn_reason text,
  closed_reason  text,
  service_link   text,
  version        integer NOT NULL
);
CREATE INDEX ideas_community ON ideas (community_id);

CREATE TABLE tallies (
  idea_id  uuid PRIMARY KEY,
  votes    integer NOT NULL,
  stage    text NOT NULL,
  since    timestamptz NOT NULL,
  position bigint NOT NULL
) WITH (fillfactor = 70);

-- What each day changed; a vote counts on the day it was cast, a withdrawal on its own.
CREATE TABLE days (
  idea_id uuid NOT NULL,
  day     date NOT NULL,
  change  integer NOT NULL,
  PRIMARY KEY (idea_id, day)
) WITH (fillfactor = 70);

-- How many ideas were logged in a community on a day, and votes cast; those that were withdrawn later count, too.
CREATE TABLE community_days (
  community_id uuid NOT NULL,
  day          date NOT NULL,
  ideas        integer NOT NULL,
  votes        integer NOT NULL,
  PRIMARY KEY (community_id, day)
) WITH (fillfactor = 70);

-- What decides a stage besides votes, of ideas to which any of it ever happened.
CREATE TABLE facts (
  idea_id         uuid PRIMARY KEY,
  ended           text,
  launched        boolean NOT NULL,
  committed       boolean NOT NULL,
  open_pools      uuid[] NOT NULL,
  accepted_offers uuid[] NOT NULL
);

-- Every stage an idea ever came into: when, by what, and with how many votes of how many that were needed.
CREATE TABLE stages (
  idea_id   uuid NOT NULL,
  position  bigint NOT NULL,
  stage     text NOT NULL,
  since     timestamptz NOT NULL,
  cause     text NOT NULL,
  said      text,
  votes     integer NOT NULL,
  threshold integer NOT NULL,
  PRIMARY KEY (idea_id, position)
);

-- `place` puts them in order: a need that is added gets the version of its stream, which is above every place so far.
CREATE TABLE needs (
  idea_id       uuid NOT NULL,
  need_id       uuid NOT NULL,
  place         integer NOT NULL,
  kind          text NOT NULL,
  title         text NOT NULL,
  description   text NOT NULL,
  size          text NOT NULL,
  cost_minor    bigint,
  cost_currency text,
  added_at      timestamptz NOT NULL,
  revised_at    timestamptz,
  PRIMARY KEY (idea_id, need_id)
);
