-- How far people have read what concerns them, and whether they want a letter about what is important; and which
-- letters were written, so that none is written twice.

CREATE TABLE notice_marks (
  person_id  uuid    CONSTRAINT notice_marks_person_id PRIMARY KEY,
  read_up_to bigint  NOT NULL DEFAULT 0,
  by_mail    boolean NOT NULL DEFAULT true
);

CREATE TABLE notice_letters (
  person_id uuid        NOT NULL,
  recipient uuid        NOT NULL,  -- the person, or the organisation they act for
  position  bigint      NOT NULL,
  posted_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT notice_letters_once PRIMARY KEY (person_id, recipient, position)
);

INSERT INTO reactors (reactor) VALUES ('notices');

GRANT SELECT, INSERT, UPDATE, DELETE ON notice_marks, notice_letters TO open_impact_service;
