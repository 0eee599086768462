-- What is personal stays outside the log: names and addresses of people with an account, and the
-- digests of their tokens.

CREATE TABLE accounts (
  person_id  uuid        CONSTRAINT accounts_person_id PRIMARY KEY,
  email      text        NOT NULL,
  name       text        NOT NULL,
  role       text        NOT NULL CONSTRAINT accounts_role CHECK (role IN ('member', 'operator')),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX accounts_email ON accounts (lower(email));

CREATE TABLE tokens (
  token_id   uuid        CONSTRAINT tokens_token_id PRIMARY KEY,
  digest     bytea       NOT NULL CONSTRAINT tokens_digest UNIQUE,
  person_id  uuid        NOT NULL CONSTRAINT tokens_person_id REFERENCES accounts (person_id) ON DELETE CASCADE,
  scopes     text[]      NOT NULL,
  label      text        NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX tokens_of_person ON tokens (person_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON accounts, tokens TO open_impact_service;
