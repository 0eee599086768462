-- What people typed into a form that was refused because they had to sign in, or to show that it is them, first. It is
-- sealed, for one browser, and goes after half an hour; that it was there is known for a day, to say what became of it.

CREATE TABLE kept_forms (
  kept_id        uuid        CONSTRAINT kept_forms_kept_id PRIMARY KEY,
  browser_digest bytea       NOT NULL,
  person_id      uuid,       -- Who was known to be signed in; nobody else sees it then.
  sealed         bytea,      -- Nothing is left once it was sent, was discarded or has expired.
  ended_at       timestamptz,
  expires_at     timestamptz NOT NULL
);
CREATE INDEX kept_forms_of_browser ON kept_forms (browser_digest);
CREATE INDEX kept_forms_expired ON kept_forms (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON kept_forms TO open_impact_service;
