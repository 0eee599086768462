-- Texts rarely change and are expensively indexed; votes change all the time. So they are apart.

CREATE TABLE communities (
  community_id uuid PRIMARY KEY,
  slug         text NOT NULL,
  threshold    integer NOT NULL
);

CREATE TABLE ideas (
  idea_id        uuid PRIMARY KEY,
  community_id   uuid NOT NULL,
  community      text NOT NULL,
  author_id      uuid NOT NULL,
  title          text NOT NULL,
  problem        text NOT NULL,
  proposal       text NOT NULL,
  beneficiaries  text NOT NULL,
  themes         text[] NOT NULL,
  places         text[] NOT NULL,
  filed_under    text[] NOT NULL,  -- themes and places with all that contain them
  ask_minor      bigint,
  ask_currency   text,
  source_system  text,
  source_collection text,
  source_id      text,
  logged_at      timestamptz NOT NULL,
  stage          text NOT NULL,
  since          timestamptz NOT NULL,
  search         tsvector NOT NULL
);
CREATE INDEX ideas_newest ON ideas (logged_at DESC, idea_id DESC);
CREATE INDEX ideas_stage ON ideas (stage);
CREATE INDEX ideas_community ON ideas (community);
CREATE INDEX ideas_filed_under ON ideas USING gin (filed_under);
CREATE INDEX ideas_search ON ideas USING gin (search);
CREATE INDEX ideas_title_trigrams ON ideas USING gin (title public.gin_trgm_ops);

-- Every word that ever stood in a title or named a theme or place of an idea: what a misspelt word is compared with.
CREATE TABLE words (
  word text COLLATE "C" PRIMARY KEY
);
CREATE INDEX words_trigrams ON words USING gin (word public.gin_trgm_ops);

CREATE TABLE tallies (
  idea_id  uuid PRIMARY KEY,
  votes    integer NOT NULL,
  momentum double precision NOT NULL,
  position bigint NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX tallies_votes ON tallies (votes DESC, idea_id DESC);
CREATE INDEX tallies_momentum ON tallies (momentum DESC, idea_id DESC);

-- What decides a stage besides votes, of ideas to which any of it ever happened.
CREATE TABLE facts (
  idea_id         uuid PRIMARY KEY,
  ended           text,
  launched        boolean NOT NULL,
  committed       boolean NOT NULL,
  open_pools      uuid[] NOT NULL,
  accepted_offers uuid[] NOT NULL
);

CREATE TABLE needs (
  idea_id       uuid NOT NULL,
  need_id       uuid NOT NULL,
  cost_minor    bigint,
  cost_currency text,
  PRIMARY KEY (idea_id, need_id)
);

CREATE TABLE offers (
  idea_id  uuid NOT NULL,
  offer_id uuid NOT NULL,
  needs    uuid[] NOT NULL,
  chosen   boolean NOT NULL,
  PRIMARY KEY (idea_id, offer_id)
);

-- The money that was found so far: what is pledged to open pools, and of committed ones what is committed.
CREATE TABLE money (
  idea_id      uuid NOT NULL,
  pool_id      uuid NOT NULL,
  pledge_id    uuid,  -- none where it is the whole that a pool committed
  amount_minor bigint NOT NULL,
  currency     text NOT NULL,
  UNIQUE NULLS NOT DISTINCT (idea_id, pool_id, pledge_id)
);

-- What follows from needs, offers and money: parts that no chosen offer covers, and what is still to be found.
CREATE TABLE prospects (
  idea_id    uuid PRIMARY KEY,
  open_needs integer NOT NULL,
  gap_minor  bigint NOT NULL
);
CREATE INDEX prospects_gap ON prospects (gap_minor DESC, idea_id DESC);
CREATE INDEX prospects_open ON prospects (idea_id) WHERE open_needs > 0;
