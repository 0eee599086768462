-- One lean row an event: the words are made from the event itself when somebody reads them.
CREATE TABLE entries (
  position    bigint      PRIMARY KEY,
  subject     uuid        NOT NULL,
  within      uuid,       -- the idea of whose story it is a part, where that is not the subject itself
  organisation uuid,      -- for whom it was done
  actor       uuid,
  type        text        COLLATE "C" NOT NULL,
  occurred_at timestamptz NOT NULL
);
CREATE INDEX entries_subject ON entries (subject, position);
CREATE INDEX entries_within ON entries (within, position) WHERE within IS NOT NULL;
CREATE INDEX entries_actor ON entries (actor, position);
CREATE INDEX entries_type ON entries (type, position);
CREATE INDEX entries_occurred_at ON entries USING brin (occurred_at);

-- What a subject is called, and what is true of it now: the "before" of its next change.
CREATE TABLE subjects (
  subject uuid  PRIMARY KEY,
  label   text  NOT NULL,
  fields  jsonb NOT NULL
);

CREATE TABLE changes (
  position bigint PRIMARY KEY,
  changes  jsonb  NOT NULL
);
