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
CREATE INDEX entries_organisation ON entries (organisation, position) WHERE organisation IS NOT NULL;
-- Votes and matches are most of the log; what is neither is found without walking through them.
CREATE INDEX entries_steps ON entries (position) WHERE type NOT IN ('VoteCast', 'VoteWithdrawn', 'MandateMatched');
CREATE INDEX entries_steps_of_subject ON entries (subject, position) WHERE type NOT IN ('VoteCast', 'VoteWithdrawn');

-- The votes of an idea that came and went on a day, counted, so that a timeline need not list them.
CREATE TABLE vote_days (
  subject       uuid    NOT NULL,
  day           date    NOT NULL, -- in UTC
  given         integer NOT NULL,
  taken_back    integer NOT NULL,
  last_position bigint  NOT NULL,
  PRIMARY KEY (subject, day)
);
CREATE INDEX vote_days_last_position ON vote_days (last_position);
CREATE INDEX vote_days_of_subject ON vote_days (subject, last_position);

-- The ideas that came to fit a mandate on a day, counted: all that there are may do so at once.
CREATE TABLE match_days (
  subject       uuid    NOT NULL,
  day           date    NOT NULL, -- in UTC
  organisation  uuid    NOT NULL,
  matched       integer NOT NULL,
  last_position bigint  NOT NULL,
  PRIMARY KEY (subject, day)
);
CREATE INDEX match_days_last_position ON match_days (last_position);
CREATE INDEX match_days_of_subject ON match_days (subject, last_position);
CREATE INDEX match_days_of_organisation ON match_days (organisation, last_position);

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
