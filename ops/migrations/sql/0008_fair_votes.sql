-- What the service needs to tell fair votes from stuffed ones; nothing of it is part of the log.

ALTER TABLE accounts ADD COLUMN disposable boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN accounts.disposable IS 'Whether the address was at a provider of throw-away addresses when the account was made.';

-- From which network somebody joined (without an idea) or voted: a keyed digest of the address's first 24 bits, or 48
-- of IPv6, kept for 30 days.
CREATE TABLE vote_origins (
  person_id uuid        NOT NULL,
  idea_id   uuid,
  network   bytea       NOT NULL,
  noted_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX vote_origins_person ON vote_origins (person_id, noted_at);
CREATE INDEX vote_origins_joins ON vote_origins (noted_at) WHERE idea_id IS NULL;
CREATE INDEX vote_origins_noted_at ON vote_origins USING brin (noted_at);

CREATE TABLE risky_networks (
  network bytea       CONSTRAINT risky_networks_network PRIMARY KEY,
  until   timestamptz NOT NULL
);
COMMENT ON TABLE risky_networks IS 'Networks from which a wave of votes came; whoever votes from there does some work first.';

CREATE TABLE used_proofs (
  digest     bytea       CONSTRAINT used_proofs_digest PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE used_proofs IS 'Proofs of work that were shown, so that none is shown twice.';

CREATE TABLE reactors (
  reactor  text   CONSTRAINT reactors_reactor PRIMARY KEY,
  position bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE reactors IS 'Up to which position each reactor has caused its effects.';
INSERT INTO reactors (reactor) VALUES ('fair_votes');

GRANT SELECT, INSERT, UPDATE, DELETE ON vote_origins, risky_networks, used_proofs, reactors TO open_impact_service;
