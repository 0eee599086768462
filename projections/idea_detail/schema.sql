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
