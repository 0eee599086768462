-- Everybody who was ever verified, joined or set aside: `verified` is the position from which on they count as
-- verified, `aside` are the quarantines that stand against them.
CREATE TABLE people (
  person_id uuid PRIMARY KEY,
  origin    text,
  joined_at timestamptz,
  verified  bigint,
  by_age    boolean NOT NULL DEFAULT false,
  aside     uuid[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 90);
CREATE INDEX people_to_age ON people (joined_at) WHERE origin = 'account' AND NOT by_age;

-- Every vote there ever was: `position` is where it was cast, `ended` where it was withdrawn.
CREATE TABLE votes (
  idea_id   uuid NOT NULL,
  person_id uuid NOT NULL,
  position  bigint NOT NULL,
  cast_at   timestamptz NOT NULL,
  ended     bigint,
  PRIMARY KEY (idea_id, position)
);
CREATE INDEX votes_standing ON votes (person_id) WHERE ended IS NULL;

-- In which community an idea was logged.
CREATE TABLE ideas (
  idea_id      uuid PRIMARY KEY,
  community_id uuid NOT NULL
);
CREATE INDEX ideas_of_community ON ideas (community_id);

CREATE TABLE tallies (
  idea_id        uuid PRIMARY KEY,
  votes          integer NOT NULL,
  verified_votes integer NOT NULL,
  set_aside      integer NOT NULL,
  position       bigint NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX tallies_set_aside ON tallies (set_aside) WHERE set_aside > 0;

-- The tallies of all ideas of a community together.
CREATE TABLE community_tallies (
  community_id   uuid PRIMARY KEY,
  votes          bigint NOT NULL,
  verified_votes bigint NOT NULL,
  set_aside      bigint NOT NULL,
  position       bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE quarantines (
  quarantine_id   uuid PRIMARY KEY,
  signal          text NOT NULL,
  reason          text NOT NULL,
  idea_ids        uuid[] NOT NULL,
  since           timestamptz NOT NULL,
  until           timestamptz NOT NULL,
  people          integer NOT NULL,
  raised_at       timestamptz NOT NULL,
  position        bigint NOT NULL,
  lifted_at       timestamptz,
  lifted_position bigint,
  lifted_reason   text
);
CREATE INDEX quarantines_position ON quarantines (position);

CREATE TABLE quarantined (
  quarantine_id uuid NOT NULL,
  person_id     uuid NOT NULL,
  position      bigint NOT NULL,
  PRIMARY KEY (quarantine_id, person_id)
);
CREATE INDEX quarantined_people ON quarantined (person_id);

-- How many of an idea's votes a quarantine sets aside now.
CREATE TABLE set_aside (
  idea_id       uuid NOT NULL,
  quarantine_id uuid NOT NULL,
  votes         integer NOT NULL,
  PRIMARY KEY (idea_id, quarantine_id)
);
CREATE INDEX set_aside_by ON set_aside (quarantine_id);

-- The highest mark of verified votes that was told of an idea, and the version of the stream that says so.
CREATE TABLE marks (
  idea_id uuid PRIMARY KEY,
  mark    integer NOT NULL,
  version integer NOT NULL
);
