-- Ideas that somebody has begun to write down and not logged yet: what was typed, sealed, for the browser it was typed
-- in and, once they are known, for the person. A draft goes when it is logged, is deleted or has not been touched for
-- long; see ops/decisions/0041.

CREATE TABLE drafts (
  draft_id       uuid        CONSTRAINT drafts_draft_id PRIMARY KEY,  -- which the idea takes over when it is logged
  browser_digest bytea       NOT NULL,
  person_id      uuid,       -- Nobody else sees it then.
  sealed         bytea       NOT NULL,
  touched_at     timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz NOT NULL
);
CREATE INDEX drafts_of_browser ON drafts (browser_digest, touched_at);
CREATE INDEX drafts_of_person ON drafts (person_id, touched_at) WHERE person_id IS NOT NULL;
CREATE INDEX drafts_expired ON drafts (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON drafts TO open_impact_service;
