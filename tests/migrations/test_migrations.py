"""The schema comes up the same however often and from wherever it is asked to, and only ever forward."""

import ast
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from app.bootstrap import migrate
from tests.architecture.sources import ROOT

MIGRATIONS = ROOT / "ops" / "migrations"
REVISIONS = sorted((MIGRATIONS / "versions").glob("*.py"))
MIGRATE = "import sys; from app.bootstrap import migrate; migrate(sys.argv[1])"
NEVER = {7}  # A number that was kept for organisations, which then came later: it did nothing, and is gone.
PATIENCE = 40.0  # Seconds after which a test gives up.
WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
 WHERE locktype = 'advisory' AND objid = 7100 AND NOT granted AND datname = current_database()
"""
SCHEMA = """
SELECT 'column', c.oid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
       coalesce(pg_get_expr(d.adbin, d.adrelid), '') || coalesce(c.relacl::text, '')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid), '', ''
  FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', ''
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function', oid::regprocedure::text, '', prosrc, coalesce(proacl::text, ''), prosecdef::text
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'extension', extname, extversion, '', '', '' FROM pg_extension
UNION ALL
SELECT 'search', cfgname, cfgnamespace::regnamespace::text, '', '', '' FROM pg_ts_config
UNION ALL
SELECT 'revision', version_num, '', '', '', '' FROM alembic_version
ORDER BY 1, 2, 3, 4, 5, 6
"""


def schema(url: str) -> list[tuple]:
    """Describe everything in a database's schema."""
    with psycopg.connect(url) as connection:
        return connection.execute(SCHEMA).fetchall()


def assigned(revision: Path, name: str) -> object:
    """Read what a revision assigns to a name."""
    for node in ast.parse(revision.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise LookupError(name)


def test_migrating_again_changes_nothing(empty_database_url):
    """A second run finds everything done, whatever has been recorded meanwhile."""
    migrate(empty_database_url)
    once = schema(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("INSERT INTO streams VALUES ('idea-a', 1)")
        connection.execute(
            "INSERT INTO events VALUES (1, 'idea-a', 1, gen_random_uuid(), 'VoteCast', '{}', '{}', now())"
        )

    migrate(empty_database_url)

    assert schema(empty_database_url) == once
    assert ("revision", REVISIONS[-1].stem, "", "", "", "") in once
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (1,)


def test_a_copied_database_is_a_migrated_one(database_url, empty_database_url):
    """What the tests work on is what a migration makes."""
    migrate(empty_database_url)
    assert schema(database_url) == schema(empty_database_url)


def test_several_machines_may_migrate_at_once(empty_database_url, database_url):
    """Processes that start on one empty database at the same time wait for each other, and the schema is there once."""
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(7100)")
        running = [
            subprocess.Popen(
                [sys.executable, "-c", MIGRATE, empty_database_url],
                cwd=ROOT,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        deadline = time.monotonic() + PATIENCE
        while connection.execute(WAITING).fetchone() != (2,) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert connection.execute(WAITING).fetchone() == (2,)
    said = [process.communicate(timeout=PATIENCE)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0], "\n".join(said)
    assert schema(empty_database_url) == schema(database_url)


def test_a_migration_that_fails_leaves_nothing_behind(empty_database_url, database_url):
    """Each migration is one transaction: what hinders it half-way is put right, and it runs again as a whole."""
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE tokens (in_the_way integer)")
        with pytest.raises(Exception, match='"tokens" already exists'):
            migrate(empty_database_url)
        tables = "SELECT to_regclass('accounts'), to_regclass('checkpoints') IS NOT NULL"
        assert connection.execute(tables).fetchone() == (None, True)
        connection.execute("DROP TABLE tokens")

    migrate(empty_database_url)

    assert schema(empty_database_url) == schema(database_url)


def test_a_migration_does_not_queue_behind_others_for_long(database_url):
    """A migration that cannot have a lock gives up after some seconds, so that nobody queues up behind it."""
    with psycopg.connect(database_url) as busy:
        busy.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate(database_url)
    migrate(database_url)


def test_revisions_are_one_line():
    """Each revision follows the one before it, is named for its file and has the SQL of its name."""
    before = None
    for revision in REVISIONS:
        assert assigned(revision, "revision") == revision.stem
        assert assigned(revision, "down_revision") == before
        before = revision.stem
    assert [file.stem for file in sorted((MIGRATIONS / "sql").glob("*.sql"))] == [r.stem for r in REVISIONS]
    numbers = [int(revision.stem[:4]) for revision in REVISIONS]
    assert numbers == [number for number in range(1, numbers[-1] + 1) if number not in NEVER]


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda revision: revision.stem)
def test_there_is_no_way_back(revision):
    """A revision knows how to go forward only: what was released is corrected by the next one."""
    functions = {
        node.name
        for node in ast.walk(ast.parse(revision.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert functions == {"upgrade"}
