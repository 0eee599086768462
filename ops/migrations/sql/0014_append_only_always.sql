-- Append-only in a replica's session as well. Ordinary triggers rest while session_replication_role is replica, which
-- any superuser may set and every subscription does; those that are ALWAYS enabled do not.

DO $$
DECLARE
  name regclass;
BEGIN
  FOR name IN SELECT relid FROM pg_partition_tree('events') LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER events_are_immutable', name);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER events_are_not_truncated', name);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION extend_log(partitions_ahead integer DEFAULT 1, partition_size bigint DEFAULT 10000000)
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
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER events_are_not_truncated', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER events_are_immutable', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO open_impact_service', name);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
