-- The keys that open what is personal in the log: one a subject (a person, an idea, a community), each wrapped by a
-- key that is derived from the installation's secret key, which is never here.

-- Which secret key it is. One row, so that a wrong key is noticed before anything is sealed with it, and so that
-- no key can be added under a secret key that was rotated away meanwhile.
CREATE TABLE secret_key (
  key_id       bytea       CONSTRAINT secret_key_key_id PRIMARY KEY,
  installation bytea       NOT NULL,
  since        timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX secret_key_is_one ON secret_key ((true));

COMMENT ON TABLE secret_key IS 'Says by a public mark which secret key wraps the keys, and holds the installation''s own secret, wrapped.';

CREATE TABLE subject_keys (
  subject      uuid        CONSTRAINT subject_keys_subject PRIMARY KEY,
  wrapped      bytea,
  key_id       bytea       NOT NULL CONSTRAINT subject_keys_key_id REFERENCES secret_key (key_id) DEFERRABLE,
  made_at      timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,
  CONSTRAINT subject_keys_are_there_or_destroyed CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

COMMENT ON TABLE subject_keys IS 'Opens what the log holds sealed; whose key was destroyed reads as empty for ever.';

GRANT SELECT, INSERT, UPDATE ON secret_key, subject_keys TO open_impact_service;
