CREATE TABLE ideas (
  idea_id     uuid PRIMARY KEY,
  title       text NOT NULL,
  filed_under text[] NOT NULL,  -- its themes and places
  is_open     boolean NOT NULL,
  position    bigint NOT NULL   -- the last event about it, its needs or the offers on it
);

CREATE TABLE needs (
  idea_id       uuid NOT NULL,
  need_id       uuid NOT NULL,
  ordinal       integer NOT NULL,
  kind          text NOT NULL,
  title         text NOT NULL,
  description   text NOT NULL,
  size          text NOT NULL,
  cost_minor    bigint,
  cost_currency text,
  search        tsvector NOT NULL,
  position      bigint NOT NULL,
  PRIMARY KEY (idea_id, need_id)
);
CREATE INDEX needs_of_kind ON needs (kind, position DESC);
CREATE INDEX needs_search ON needs USING gin (search);

CREATE TABLE organisations (
  organisation_id uuid PRIMARY KEY,
  name            text NOT NULL
);

CREATE TABLE offers (
  offer_id        uuid PRIMARY KEY,
  idea_id         uuid NOT NULL,
  made_by         uuid NOT NULL,
  organisation_id uuid,
  needs           uuid[] NOT NULL,
  part            jsonb NOT NULL,  -- what is offered, as it is shown
  search          text NOT NULL,   -- what it is called, for finding needs that it might cover too
  status          text NOT NULL,
  reason          text NOT NULL,
  link            text,
  made_at         timestamptz NOT NULL,
  changed_at      timestamptz NOT NULL,
  version         integer NOT NULL,
  position        bigint NOT NULL
);
CREATE INDEX offers_standing ON offers (made_at, offer_id) WHERE status <> 'withdrawn';
CREATE INDEX offers_of_kind ON offers ((part ->> 'kind'), made_at, offer_id) WHERE status <> 'withdrawn';
CREATE INDEX offers_of_idea ON offers (idea_id, made_at, offer_id);
CREATE INDEX offers_of_organisation ON offers (organisation_id, made_at, offer_id) WHERE organisation_id IS NOT NULL;
CREATE INDEX offers_of_person ON offers (made_by, made_at, offer_id) WHERE organisation_id IS NULL;
