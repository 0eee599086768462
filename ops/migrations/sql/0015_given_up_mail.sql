-- A message that was given up can be tried again for as long as its row is kept: it stays sealed until then.

ALTER TABLE outgoing_mail DROP CONSTRAINT outgoing_mail_sealed_until_over;
ALTER TABLE outgoing_mail ADD CONSTRAINT outgoing_mail_sealed_until_sent
  CHECK (sealed IS NULL OR sent_at IS NULL);
-- What was given up before says nothing any more, so only what waits must be whole.
ALTER TABLE outgoing_mail ADD CONSTRAINT outgoing_mail_waits_sealed
  CHECK (sealed IS NOT NULL OR sent_at IS NOT NULL OR given_up_at IS NOT NULL);

DROP INDEX outgoing_mail_due;
CREATE INDEX outgoing_mail_due ON outgoing_mail (due_at) WHERE sealed IS NOT NULL AND given_up_at IS NULL;
CREATE INDEX outgoing_mail_given_up ON outgoing_mail (given_up_at) WHERE given_up_at IS NOT NULL;
