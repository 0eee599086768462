CREATE TABLE organisations (
  organisation_id uuid PRIMARY KEY,
  name            text NOT NULL,
  sort_key        text COLLATE "C" NOT NULL,
  search          text NOT NULL,  -- name and org-id in small letters
  org_id          text,
  website         text,
  registered_at   timestamptz NOT NULL,
  version         integer NOT NULL,
  position        bigint NOT NULL
);
CREATE INDEX organisations_by_name ON organisations (sort_key, organisation_id);
CREATE INDEX organisations_search ON organisations USING gin (search public.gin_trgm_ops);

CREATE TABLE members (
  organisation_id uuid NOT NULL,
  person_id       uuid NOT NULL,
  roles           text[] NOT NULL,
  since           timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, person_id)
);
CREATE INDEX members_of_person ON members (person_id);
