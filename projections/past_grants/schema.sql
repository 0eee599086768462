CREATE TABLE funders (
  funder_id uuid PRIMARY KEY,
  org_id    text NOT NULL,
  name      text NOT NULL
);

CREATE TABLE grants (
  grant_id       uuid PRIMARY KEY,
  funder_id      uuid NOT NULL,
  identifier     text NOT NULL,
  title          text NOT NULL,
  description    text NOT NULL,
  amount_minor   bigint NOT NULL,
  currency       text NOT NULL,
  awarded_at     timestamptz NOT NULL,
  recipient_id   text,
  recipient_name text,
  to_individual  boolean NOT NULL,
  themes         text[] NOT NULL,  -- guessed from the words of title and description
  places         text[] NOT NULL,
  position       bigint NOT NULL
);
CREATE INDEX grants_newest ON grants (funder_id, awarded_at DESC, grant_id DESC);
