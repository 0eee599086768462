-- Invitations to act for an organisation. The word in the link is kept as a digest, the address it went to as a keyed
-- one: enough to tell whether somebody's own address is the invited one, and to write to nobody.

CREATE TABLE invitations (
  invitation_id   uuid        CONSTRAINT invitations_invitation_id PRIMARY KEY,
  organisation_id uuid        NOT NULL,
  digest          bytea       NOT NULL CONSTRAINT invitations_digest UNIQUE,
  address         bytea       NOT NULL,
  address_hint    text        NOT NULL,
  roles           text[]      NOT NULL,
  invited_by      uuid        NOT NULL,
  -- What the idempotency key was first sent with, where there was one.
  fingerprint     bytea       NOT NULL DEFAULT '',
  created_at      timestamptz NOT NULL DEFAULT now(),
  expires_at      timestamptz NOT NULL,
  accepted_by     uuid,
  -- When it was accepted, or withdrawn.
  ended_at        timestamptz
);
CREATE INDEX invitations_of_organisation ON invitations (organisation_id, created_at) WHERE ended_at IS NULL;
CREATE INDEX invitations_by_age ON invitations (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO open_impact_service;
