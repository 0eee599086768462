-- Where each projection stands. Its tables live in a schema of their own, made by the projection.

CREATE TABLE checkpoints (
  projection     text        NOT NULL,
  generation     text        NOT NULL CONSTRAINT checkpoints_generation CHECK (generation IN ('live', 'next')),
  version        integer     NOT NULL,
  position       bigint      NOT NULL DEFAULT 0,
  epoch          bigint      NOT NULL DEFAULT 0,
  holder         text,
  lease_until    timestamptz NOT NULL DEFAULT '-infinity',
  applied_at     timestamptz,
  poisoned_at    bigint,
  poisoned_by    text,
  CONSTRAINT checkpoints_projection_generation PRIMARY KEY (projection, generation)
) WITH (fillfactor = 50);

COMMENT ON TABLE checkpoints IS 'How far a projection has come, who holds it (a lease fenced by epoch), and the event that stopped it, if one did.';

GRANT SELECT, INSERT, UPDATE, DELETE ON checkpoints TO open_impact_service;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- English stems without accents: "cafe" finds "café", and Polish or Welsh words are found as typed.
CREATE TEXT SEARCH CONFIGURATION open_impact (COPY = english);
ALTER TEXT SEARCH CONFIGURATION open_impact ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
