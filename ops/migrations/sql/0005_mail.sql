-- Messages on their way to people. What a message says and to whom is sealed, because it may hold a link that lets
-- somebody in; it is removed as soon as the message was sent or given up.

CREATE TABLE outgoing_mail (
  message_id  uuid        CONSTRAINT outgoing_mail_message_id PRIMARY KEY,
  sealed      bytea,
  posted_at   timestamptz NOT NULL DEFAULT now(),
  -- When it is to be tried next; for whoever tries it, the end of their lease.
  due_at      timestamptz NOT NULL DEFAULT now(),
  -- How often it was tried; the number that fences a late sender.
  attempts    integer     NOT NULL DEFAULT 0,
  last_error  text        NOT NULL DEFAULT '',
  sent_at     timestamptz,
  given_up_at timestamptz,
  CONSTRAINT outgoing_mail_sealed_until_over
    CHECK ((sealed IS NULL) = (sent_at IS NOT NULL OR given_up_at IS NOT NULL))
);
CREATE INDEX outgoing_mail_due ON outgoing_mail (due_at) WHERE sealed IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON outgoing_mail TO open_impact_service;
