-- Passkeys (Web Authentication, W3C): public keys only, so that whoever reads these tables can sign in as nobody. One
-- that was removed, or set aside because its counter ran back, stays known, so that it is refused by name.

CREATE TABLE passkeys (
  passkey_id    uuid        CONSTRAINT passkeys_passkey_id PRIMARY KEY,
  credential_id bytea       NOT NULL CONSTRAINT passkeys_credential_id UNIQUE,
  person_id     uuid        NOT NULL CONSTRAINT passkeys_person_id REFERENCES accounts (person_id) ON DELETE CASCADE,
  public_key    bytea       NOT NULL,
  sign_count    bigint      NOT NULL,
  name          text        NOT NULL,
  transports    text[]      NOT NULL DEFAULT '{}',
  backed_up     boolean     NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  last_used_at  timestamptz,
  set_aside_at  timestamptz,
  revoked_at    timestamptz
);
CREATE INDEX passkeys_of_person ON passkeys (person_id);

-- A challenge is answered once, within five minutes, in the session or browser that asked for it.
CREATE TABLE passkey_challenges (
  digest    bytea       CONSTRAINT passkey_challenges_digest PRIMARY KEY,
  purpose   text        NOT NULL CONSTRAINT passkey_challenges_purpose CHECK (purpose IN ('add', 'sign_in', 'step_up')),
  person_id uuid        CONSTRAINT passkey_challenges_person_id REFERENCES accounts (person_id) ON DELETE CASCADE,
  binding   bytea       NOT NULL,
  begun_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX passkey_challenges_by_age ON passkey_challenges (begun_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON passkeys, passkey_challenges TO open_impact_service;
