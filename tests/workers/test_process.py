"""The worker process: it builds the read models, outlives its servers, and ends in good order."""

import signal

import psycopg
import pytest

from app.embedded.postgres import embedded_postgres
from projections.registry import REGISTRY
from tests.workers.waiting import eventually


def holders(url):
    """List who holds the live read models."""
    with psycopg.connect(url, autocommit=True) as connection:
        return [
            row[0] for row in connection.execute("SELECT holder FROM checkpoints WHERE generation = 'live'")
        ]


def all_held(url):
    """Tell whether all are held."""
    held = holders(url)
    return len(held) == len(REGISTRY) and None not in held


@pytest.mark.parametrize("with_valkey", [False, True], ids=["without Valkey", "with Valkey"])
def test_a_worker_holds_the_read_models_and_gives_them_back(worker, database_url, redis_url, with_valkey):
    """On SIGTERM it releases its leases and ends with 0."""
    environment = {"OPEN_IMPACT_DATABASE_URL": database_url}
    process = worker(**environment | ({"OPEN_IMPACT_REDIS_URL": redis_url} if with_valkey else {}))
    eventually(lambda: all_held(database_url))
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=10)

    assert process.returncode == 0, log
    assert holders(database_url) == [None] * len(REGISTRY)
    assert "Traceback" not in log


def test_a_worker_does_not_mind_a_valkey_that_is_away(worker, database_url):
    """With an address where nothing listens, the read models are kept all the same."""
    process = worker(OPEN_IMPACT_DATABASE_URL=database_url, OPEN_IMPACT_REDIS_URL="redis://127.0.0.1:1/0")
    eventually(lambda: all_held(database_url))
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=10)

    assert process.returncode == 0, log
    assert "queue_disconnected" in log


def test_a_worker_without_schema_says_so(worker, empty_database_url):
    """On an empty database it ends at once, and says what to run."""
    process = worker(OPEN_IMPACT_DATABASE_URL=empty_database_url)
    _, log = process.communicate(timeout=20)

    assert process.returncode == 1
    assert "run `open-impact migrate`" in log


def test_a_worker_waits_for_a_database_that_is_not_there_yet(worker):
    """Nothing listens there: it tries again, and still ends in good order when told to."""
    process = worker(OPEN_IMPACT_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert "database_unavailable" in process.stderr.readline()
    assert "database_unavailable" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=10)

    assert process.returncode == 0, log


def test_a_worker_outlives_its_database(worker, servers_folder):
    """PostgreSQL ends and comes back; the worker holds the read models again, and was never restarted."""
    from app.bootstrap import migrate

    place = servers_folder / "restarted"
    with embedded_postgres(place) as server:
        url = server.create_database("restarted")
        migrate(url)
        process = worker(OPEN_IMPACT_DATABASE_URL=url)
        eventually(lambda: all_held(url))
    with embedded_postgres(place) as server:
        if server.url.rpartition("/")[0] != url.rpartition("/")[0]:
            pytest.skip("the port was taken by another program meanwhile")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("UPDATE checkpoints SET holder = NULL, lease_until = '-infinity'")
        eventually(lambda: all_held(url), within=40)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=10)

    assert process.returncode == 0, log
