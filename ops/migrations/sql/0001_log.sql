-- The log: events, the version each stream is at, and the idempotency keys of commands.

-- One name for the running service's rights; whoever logs in takes the role on.
DO $$
BEGIN
  CREATE ROLE open_impact_service NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
  EXECUTE format('GRANT open_impact_service TO %I', current_user);
  EXECUTE format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO open_impact_service', current_database());
END $$;
GRANT USAGE ON SCHEMA public TO open_impact_service;
-- So that the running service can tell whether it fits the schema it meets.
GRANT SELECT ON alembic_version TO open_impact_service;

CREATE TABLE events (
  position    bigint      NOT NULL,
  stream      text        COLLATE "C" NOT NULL,
  version     integer     NOT NULL CONSTRAINT events_version_counts_from_one CHECK (version > 0),
  event_id    uuid        NOT NULL,
  type        text        COLLATE "C" NOT NULL,
  data        json        NOT NULL,
  metadata    json        NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT events_position PRIMARY KEY (position)
) PARTITION BY RANGE (position);

COMMENT ON TABLE events IS 'Everything that ever happened. Gapless positions in commit order; nothing is ever changed or deleted.';

CREATE TABLE streams (
  stream  text    COLLATE "C" CONSTRAINT streams_stream PRIMARY KEY,
  version integer NOT NULL
) WITH (fillfactor = 70);

COMMENT ON TABLE streams IS 'The version each stream is at; kept in step with events by the append functions.';

CREATE TABLE idempotency_keys (
  key         uuid        CONSTRAINT idempotency_keys_key PRIMARY KEY,
  fingerprint bytea       NOT NULL,
  answer      text        NOT NULL,
  position    bigint      NOT NULL,
  version     integer     NOT NULL,
  recorded_at timestamptz NOT NULL
);
CREATE INDEX idempotency_keys_recorded_at ON idempotency_keys (recorded_at);

COMMENT ON TABLE idempotency_keys IS 'What a command sent under a key was answered; kept for at least seven days.';

-- Append-only, whoever asks. The row trigger is cloned to every partition by PostgreSQL; truncation
-- knows only statement triggers, so extend_log gives each partition its own.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Events are never changed or deleted (% on %).', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER events_are_immutable BEFORE UPDATE OR DELETE ON events
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_are_not_truncated BEFORE TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Keeps empty partitions ahead of the newest position. Runs with its owner's rights, so that the
-- service can ask for room without being able to alter the log.
CREATE FUNCTION extend_log(partitions_ahead integer DEFAULT 1, partition_size bigint DEFAULT 10000000)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  newest  bigint;
  made    integer := 0;
  name    text;
  first   bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7102);
  SELECT coalesce(max(e.position), 0) INTO newest FROM events e;
  FOR number IN newest / partition_size .. newest / partition_size + partitions_ahead LOOP
    name := format('events_%s', lpad(number::text, 6, '0'));
    CONTINUE WHEN to_regclass(name) IS NOT NULL;
    first := number * partition_size;
    -- Made aside and attached, which waits for nobody: made in place it would wait for every open transaction
    -- that has read the log, and everybody else behind it.
    EXECUTE format('CREATE TABLE %I (LIKE events INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', name, first, first + partition_size);
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (stream, version)', name || '_stream_version', name);
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (event_id)', name || '_event_id', name);
    EXECUTE format('CREATE TRIGGER events_are_not_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO open_impact_service', name);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION extend_log(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION extend_log(integer, bigint) TO open_impact_service;

GRANT SELECT, INSERT ON events TO open_impact_service;
GRANT SELECT, INSERT, UPDATE ON streams TO open_impact_service;
GRANT SELECT, INSERT, DELETE ON idempotency_keys TO open_impact_service;

SELECT extend_log();

-- Many requests, evaluated in order, each answered by itself:
--   status 0 appended at (position, version) · 1 the stream is at another version
--          2 done before: the first answer   · 3 the idempotency key stands for another request
-- Streams are named once (s_*), requests point at them by number (r_*), events at requests (e_*),
-- idempotency keys at requests (k_*). `resent` says that an earlier call with these events had an
-- unknown outcome: only then are events looked up by their ids.
CREATE FUNCTION append_group(
  s_stream text[],
  r_stream integer[], r_expected integer[], r_size integer[],
  e_request integer[], e_number integer[], e_stream text[], e_id uuid[], e_type text[], e_data text[], e_metadata text[],
  k_request integer[], k_key uuid[], k_fingerprint bytea[], k_answer text[],
  resent boolean,
  OUT status integer[], OUT reached bigint[], OUT at_version integer[], OUT answer text[]
) LANGUAGE plpgsql AS $$
DECLARE
  head     bigint;
  total    bigint := 0;
  standing integer[];  -- the version of each stream, as the requests before move it on
  before   integer[];  -- of each stream, before the group; 0 for a stream to be made
  place    bigint[];   -- the position before a request's first event; null when it is not appended
  base     integer[];  -- the version before a request's first event
  key_no   integer[];
  earlier  bigint[];
  earlier_version integer[];
  kept     record;
  k        integer;
  n        integer := coalesce(cardinality(r_stream), 0);
  moment   timestamptz;
BEGIN
  -- Held until commit, and taken in a statement of its own, so that what follows sees all that was
  -- committed before: position order is commit order.
  PERFORM pg_advisory_xact_lock(7101);
  moment := clock_timestamp();
  SELECT e.position INTO head FROM events e ORDER BY e.position DESC LIMIT 1;
  head := coalesce(head, 0);

  SELECT array_agg(coalesce(s.version, 0) ORDER BY r.no) INTO standing
    FROM unnest(s_stream) WITH ORDINALITY r(stream, no) LEFT JOIN streams s ON s.stream = r.stream;
  before := standing;

  IF resent THEN
    SELECT array_agg(d.position ORDER BY r.no), array_agg(d.version ORDER BY r.no) INTO earlier, earlier_version
      FROM generate_series(1, n) r(no)
      LEFT JOIN LATERAL (
        SELECT max(e.position) AS position, max(e.version) AS version
          FROM unnest(e_request, e_id) x(request, id) JOIN events e ON e.event_id = x.id
         WHERE x.request = r.no) d ON true;
  END IF;

  IF cardinality(k_request) > 0 THEN
    key_no := array_fill(0, ARRAY[n]);
    FOR i IN 1 .. cardinality(k_request) LOOP
      key_no[k_request[i]] := i;
    END LOOP;
  END IF;

  status := array_fill(0, ARRAY[n]);
  reached := array_fill(0::bigint, ARRAY[n]);
  at_version := array_fill(0, ARRAY[n]);
  answer := array_fill(NULL::text, ARRAY[n]);
  place := array_fill(NULL::bigint, ARRAY[n]);
  base := array_fill(0, ARRAY[n]);

  FOR i IN 1 .. n LOOP
    -- A resent request finds its own events before its own key: that is its first answer and no repetition.
    IF earlier[i] IS NOT NULL THEN
      status[i] := 2;
      reached[i] := earlier[i];
      at_version[i] := earlier_version[i];
      CONTINUE;
    END IF;
    k := coalesce(key_no[i], 0);
    IF k > 0 THEN
      SELECT * INTO kept FROM idempotency_keys i_k WHERE i_k.key = k_key[k];
      IF FOUND THEN
        status[i] := CASE WHEN kept.fingerprint = k_fingerprint[k] THEN 2 ELSE 3 END;
        reached[i] := kept.position;
        at_version[i] := kept.version;
        answer[i] := kept.answer;
        CONTINUE;
      END IF;
    END IF;
    IF r_expected[i] <> standing[r_stream[i]] THEN
      status[i] := 1;
      at_version[i] := standing[r_stream[i]];
      CONTINUE;
    END IF;
    place[i] := head + total;
    base[i] := standing[r_stream[i]];
    total := total + r_size[i];
    standing[r_stream[i]] := base[i] + r_size[i];
    reached[i] := head + total;
    at_version[i] := base[i] + r_size[i];
    IF k > 0 THEN
      INSERT INTO idempotency_keys (key, fingerprint, answer, position, version, recorded_at)
        VALUES (k_key[k], k_fingerprint[k], k_answer[k], reached[i], at_version[i], moment);
    END IF;
  END LOOP;

  IF total = 0 THEN
    RETURN;
  END IF;

  -- Array subscripts rather than a join: a join of the group with itself grows with its square.
  INSERT INTO events (position, stream, version, event_id, type, data, metadata, recorded_at)
    SELECT place[x.request] + x.number, x.stream, base[x.request] + x.number, x.id, x.type, x.data::json, x.metadata::json, moment
      FROM unnest(e_request, e_number, e_stream, e_id, e_type, e_data, e_metadata)
           x(request, number, stream, id, type, data, metadata)
     WHERE place[x.request] IS NOT NULL;

  -- Two plain statements rather than an upsert: under the lock nobody else can add a stream, and a
  -- speculative insertion costs twice as much.
  INSERT INTO streams (stream, version)
    SELECT r.stream, r.version FROM unnest(s_stream, standing, before) r(stream, version, before)
     WHERE r.before = 0 AND r.version > 0;
  IF 0 < ANY(before) THEN
    UPDATE streams s SET version = r.version FROM unnest(s_stream, standing, before) r(stream, version, before)
     WHERE s.stream = r.stream AND r.version > r.before AND r.before > 0;
  END IF;

  PERFORM pg_notify('open_impact_events', (head + total)::text);
END $$;

REVOKE ALL ON FUNCTION append_group(text[], integer[], integer[], integer[], integer[], integer[], text[], uuid[], text[], text[], text[], integer[], uuid[], bytea[], text[], boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_group(text[], integer[], integer[], integer[], integer[], integer[], text[], uuid[], text[], text[], text[], integer[], uuid[], bytea[], text[], boolean) TO open_impact_service;
