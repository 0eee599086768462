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
