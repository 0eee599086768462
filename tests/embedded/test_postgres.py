"""The embedded PostgreSQL: real, durable, private."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import asyncpg
import psycopg
import pytest

from app.embedded.child import Running
from app.embedded.errors import FolderInUseError, OtherVersionError
from app.embedded.postgres import DATABASE, embedded_postgres, prepared_postgres
from app.embedded.processes import started_at, working_in


@pytest.fixture(scope="module")
def place():
    """One data folder for all tests of this file, because making one takes most of a second."""
    folder = Path(tempfile.mkdtemp(prefix="open impact "))
    yield folder
    shutil.rmtree(folder)


def ask(url, question):
    """Answer a question with one value."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(question).fetchone()[0]


def do(url, statement):
    """Run a statement that answers nothing."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


@pytest.mark.asyncio
async def test_both_drivers_connect_to_a_durable_server(place):
    """asyncpg and psycopg take the same URL; the server is PostgreSQL 18 and writes through to the disk."""
    with embedded_postgres(place) as server:
        connection = await asyncpg.connect(server.url)
        assert (await connection.fetchval("SHOW server_version")).startswith("18")
        await connection.close()
        assert [ask(server.url, f"SHOW {name}") for name in ("fsync", "synchronous_commit")] == ["on", "on"]


def test_words_beyond_ascii_are_words(place):
    """Trigrams, search and case know the letters of every language, which a server without a locale would drop."""
    with embedded_postgres(place) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE EXTENSION unaccent")
        row = connection.execute(
            "SELECT cardinality(show_trgm('Łódź')), lower('ŁÓDŹ'), unaccent('Łódź')"
        ).fetchone()
        assert row == (5, "łódź", "Lodz")
        connection.rollback()


def test_only_this_machine_may_connect_and_only_with_the_password(place):
    """The server listens on the loopback address alone and refuses who does not know the password."""
    with embedded_postgres(place) as server:
        assert ask(server.url, "SHOW listen_addresses") == "127.0.0.1"
        assert ask(server.url, "SHOW unix_socket_directories") == ""
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(server.url.replace(server.password, "guess"))


def test_the_password_is_on_no_command_line(place):
    """Everyone on a machine can read command lines."""
    with embedded_postgres(place) as server:
        lines = b"".join(line.read_bytes() for line in Path("/proc").glob("[0-9]*/cmdline") if line.exists())
        assert server.password.encode() not in lines


def test_data_survives_a_kill_and_orphans_are_ended(place, eventually):
    """What was committed is there after kill -9, while sessions of the killed server are still busy."""
    with prepared_postgres(place) as postgres:
        running = Running(postgres.child())
        running.wait_until_ready()
        url = postgres.url_of(DATABASE)
        do(url, "CREATE TABLE kept AS SELECT 1 AS n")
        busy = psycopg.connect(url, autocommit=True)
        number = busy.info.backend_pid
        busy.pgconn.send_query(
            b"DO $$ BEGIN PERFORM set_config('application_name', 'busy', false); LOOP END LOOP; END $$"
        )
        busy.pgconn.flush()
        eventually(lambda: ask(url, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'busy'"))
        os.kill(running.pid, signal.SIGKILL)
        eventually(lambda: running.poll() is not None)
        assert started_at(number)
    with embedded_postgres(place) as server:
        assert started_at(number) is None
        assert ask(server.url, "SELECT count(*) FROM kept") == 1
    busy.close()


def test_nothing_runs_afterwards(place):
    """Leaving the context ends the server and all its processes."""
    with embedded_postgres(place) as server:
        assert working_in(place / "postgres" / "data")
    assert not working_in(place / "postgres" / "data")
    assert started_at(server.pid) is None


def test_a_second_server_on_the_folder_is_refused(place):
    """Two servers on one data would destroy it."""
    with (
        embedded_postgres(place),
        pytest.raises(FolderInUseError, match=f"process {os.getpid()}"),
        embedded_postgres(place),
    ):
        pass


def test_a_stale_mark_of_a_reused_number_does_not_hinder(place):
    """After a restart of the machine the mark of the killed server may name a process of somebody else."""
    with embedded_postgres(place):
        lines = (place / "postgres/data/postmaster.pid").read_text().splitlines()
    (place / "postgres/data/postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with embedded_postgres(place) as server:
        assert ask(server.url, "SELECT 1") == 1


def test_a_lost_password_is_made_anew(place):
    """Who may read the data folder may connect: a password file that is gone is replaced, inside and outside."""
    with embedded_postgres(place) as server:
        before = server.password
    (place / "postgres_password").unlink()
    with embedded_postgres(place) as server:
        assert server.password != before
        assert ask(server.url, "SELECT 1") == 1


def test_tests_get_databases_of_their_own(place):
    """A database by a name is new each time, and reached by its own URL."""
    with embedded_postgres(place, settings={"fsync": "off"}) as server:
        for _ in range(2):
            url = server.create_database("another")
            do(url, "CREATE TABLE made (n int)")
        assert ask(url, "SELECT current_database()") == "another"
        assert ask(url, "SHOW fsync") == "off"


def test_data_of_another_version_is_left_alone(place):
    """A data folder of another PostgreSQL is refused with what to do, and keeps its data."""
    mark = place / "postgres/data/PG_VERSION"
    mark.write_text("17\n")
    try:
        with (
            pytest.raises(OtherVersionError, match=r"PostgreSQL 17.*brings 18.*pg_dump"),
            embedded_postgres(place),
        ):
            pass
    finally:
        mark.write_text("18\n")


def test_a_setup_that_was_killed_is_done_again(folder):
    """What a killed first start left is not taken for data."""
    (folder / "postgres" / "data.new" / "base").mkdir(parents=True)
    (folder / "postgres" / "data.new" / "PG_VERSION").write_text("18\n")
    with embedded_postgres(folder) as server:
        assert ask(server.url, "SELECT 1") == 1
    assert not (folder / "postgres" / "data.new").exists()
