-- Sign-in with an identity provider. A request lives from leaving for the provider to coming back, once, and only
-- digests of it are kept: who can read this table can finish nobody's sign-in.

CREATE TABLE oidc_requests (
  state_digest   bytea       CONSTRAINT oidc_requests_state_digest PRIMARY KEY,
  browser_digest bytea       NOT NULL,
  person_id      uuid        CONSTRAINT oidc_requests_person_id REFERENCES accounts (person_id) ON DELETE CASCADE,
  next           text        NOT NULL,
  begun_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX oidc_requests_by_age ON oidc_requests (begun_at);

-- Who somebody is at a provider. A subject means something with its issuer only: the same subject of another issuer
-- is somebody else.
CREATE TABLE identities (
  issuer      text        NOT NULL,
  subject     text        NOT NULL,
  identity_id uuid        NOT NULL CONSTRAINT identities_identity_id UNIQUE,
  person_id   uuid        NOT NULL CONSTRAINT identities_person_id REFERENCES accounts (person_id) ON DELETE CASCADE,
  linked_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT identities_issuer_subject PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_of_person ON identities (person_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON oidc_requests, identities TO open_impact_service;
