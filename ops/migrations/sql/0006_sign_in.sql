-- How people are let in. Secrets are kept as digests only.

CREATE TABLE sessions (
  session_id   uuid        CONSTRAINT sessions_session_id PRIMARY KEY,
  digest       bytea       NOT NULL CONSTRAINT sessions_digest UNIQUE,
  person_id    uuid        NOT NULL CONSTRAINT sessions_person_id REFERENCES accounts (person_id) ON DELETE CASCADE,
  device       text        NOT NULL DEFAULT '',
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  proved_by    text        NOT NULL CONSTRAINT sessions_proved_by CHECK (proved_by IN ('link', 'oidc', 'passkey')),
  proved_at    timestamptz NOT NULL DEFAULT now(),
  revoked_at   timestamptz
);
CREATE INDEX sessions_of_person ON sessions (person_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO open_impact_service;

-- Links and codes that somebody asked for to sign in. Of each address the newest alone counts.
CREATE TABLE sign_in_requests (
  request_id     uuid        CONSTRAINT sign_in_requests_request_id PRIMARY KEY,
  email          text        NOT NULL,
  token_digest   bytea       NOT NULL CONSTRAINT sign_in_requests_token_digest UNIQUE,
  code_digest    bytea       NOT NULL,
  browser_digest bytea       NOT NULL CONSTRAINT sign_in_requests_browser_digest UNIQUE,
  next           text        NOT NULL,
  asked_at       timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz NOT NULL,
  tries          integer     NOT NULL DEFAULT 0,
  -- When its link or code was used; somebody new is asked for a name then.
  proved_at      timestamptz,
  -- When it was over: somebody signed in with it, or a newer one took its place.
  ended_at       timestamptz
);
CREATE UNIQUE INDEX sign_in_requests_open ON sign_in_requests (lower(email)) WHERE ended_at IS NULL;
CREATE INDEX sign_in_requests_asked ON sign_in_requests (asked_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_requests TO open_impact_service;
