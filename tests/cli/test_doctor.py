"""`open-impact doctor`: what it looks at, and how it says what is wrong."""

import json

import psycopg
import pytest

from app.cli.checks import check_disk, check_valkey
from app.settings import Settings


@pytest.fixture
def checked(open_impact):
    """Run the doctor, and give its checks by name and whether it succeeded."""

    def run():
        result = open_impact("doctor", "--json")
        told = json.loads(result.stdout)
        return {check["name"]: check for check in told["checks"]}, result.exit_code == 0

    return run


def test_a_good_installation_is_well(checked):
    """Warnings alone (no worker ran yet, no Valkey) are no failure."""
    checks, is_well = checked()

    assert is_well
    assert {name for name, check in checks.items() if check["verdict"] == "ok"} >= {
        "installation",
        "postgresql",
        "schema",
        "extensions",
        "rights",
        "append-only",
        "room in the log",
        "mail",
        "webhooks",
        "secret key",
    }
    assert checks["idea_board"]["verdict"] == checks["valkey"]["verdict"] == "warn"


def test_webhooks_that_nobody_sends_are_a_warning(checked, database_url):
    """What has been due for a while says that no worker sends it; what a paused endpoint waits for does not."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for number, cause in ((1, None), (2, "asked")):
            connection.execute(
                "INSERT INTO webhook_endpoints (endpoint_id, registered_by, types, type_names, ordered, has_condition,"
                " is_verified, pause_cause, version) VALUES (%s, gen_random_uuid(), '{}', '{}', false, false, true, %s, 2)",
                (f"00000000-0000-0000-0000-00000000000{number}", cause),
            )
        connection.execute(
            "INSERT INTO webhook_deliveries (endpoint_id, position, stream, due_at)"
            " VALUES ('00000000-0000-0000-0000-000000000002', 1, 'idea', now() - interval '1 hour')"
        )
        assert checked()[0]["webhooks"]["verdict"] == "ok"
        connection.execute(
            "INSERT INTO webhook_deliveries (endpoint_id, position, stream, due_at)"
            " VALUES ('00000000-0000-0000-0000-000000000001', 1, 'idea', now() - interval '50 seconds')"
        )
    found = checked()[0]["webhooks"]

    assert found["verdict"] == "warn"
    assert found["found"].startswith("2 endpoints (0 behind, 1 paused, 0 rest); 2 deliveries wait")
    assert "open-impact work" in found["mend"]


def test_settings_are_listed_with_secrets_masked(open_impact, monkeypatch, database_url):
    """Every setting has its meaning and value; a password or key never shows."""
    monkeypatch.setenv("OPEN_IMPACT_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("OPEN_IMPACT_SMTP_URL", "smtp://mail:hunter2@localhost")
    result = open_impact("doctor")

    assert "OPEN_IMPACT_PUBLIC_URL" in result.stdout
    assert "signs cookies" in result.stdout
    assert "smtp://mail:***@localhost" in result.stdout
    assert "hunter2" not in result.output
    assert "k" * 40 not in result.output


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        ("GRANT UPDATE ON events TO open_impact_service", "rights"),
        ("GRANT DELETE ON events_000000 TO open_impact_service", "rights"),
        ("REVOKE INSERT ON events FROM open_impact_service", "rights"),
        ("REVOKE CREATE ON DATABASE {database} FROM open_impact_service", "rights"),
        ("ALTER TABLE events_000000 DISABLE TRIGGER events_are_not_truncated", "append-only"),
        ("ALTER TABLE events_000001 ENABLE TRIGGER events_are_immutable", "append-only"),
        ("DROP EXTENSION unaccent CASCADE", "extensions"),
        ("UPDATE alembic_version SET version_num = '0000_earlier'", "schema"),
        ("DROP TABLE events_000001", "room in the log"),
        (
            "INSERT INTO checkpoints (projection, generation, version, poisoned_at) VALUES ('idea_board', 'live', 1, 7)",
            "idea_board",
        ),
    ],
)
def test_what_is_wrong_fails_with_a_way_out(checked, database_url, harm, name):
    """Each kind of harm fails its own check, which says how to mend it."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        if name == "room in the log":
            connection.execute("ALTER TABLE events DETACH PARTITION events_000001")
            connection.execute("DROP TABLE events_000000 CASCADE")
        connection.execute(harm.format(database=connection.info.dbname))
    checks, is_well = checked()

    assert not is_well
    assert checks[name]["verdict"] == "fail"
    assert checks[name]["mend"]


def test_a_secret_key_of_another_database_fails(checked, done, monkeypatch):
    """A secret key that opens nothing here is found before a process fails over it, and so is none at all."""
    done("people", "add", "--email", "ada@example.org", "--name", "Ada")
    checks, _ = checked()
    assert checks["secret key"]["verdict"] == "ok"
    monkeypatch.setenv("OPEN_IMPACT_SECRET_KEY", "another secret key, long enough to be one")
    checks, is_well = checked()
    assert (is_well, checks["secret key"]["verdict"]) == (False, "fail")
    assert "OPEN_IMPACT_SECRET_KEY" in checks["secret key"]["mend"]
    monkeypatch.delenv("OPEN_IMPACT_SECRET_KEY")
    assert checked()[0]["secret key"]["verdict"] == "fail"


def test_mail_that_was_given_up_is_a_warning(checked, database_url):
    """How many messages were given up is told, with the last reason and how to have them tried again."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO outgoing_mail (message_id, sealed, given_up_at, last_error)"
            " VALUES (gen_random_uuid(), 'x', now(), 'The server said 550.')"
        )
    checks, is_well = checked()
    assert (is_well, checks["mail"]["verdict"]) == (True, "warn")
    assert checks["mail"]["found"] == "1 given up, the last one because: The server said 550."
    assert "open-impact mail retry --all" in checks["mail"]["mend"]


def test_a_database_that_is_away_fails(open_impact, monkeypatch):
    """The doctor says that it cannot be reached, without its password, and goes on with the rest."""
    monkeypatch.setenv("OPEN_IMPACT_DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/nothing")
    result = open_impact("doctor")

    assert result.exit_code == 1
    assert "fail  postgresql: postgresql://me:***@127.0.0.1:1/nothing" in result.stdout
    assert "hunter2" not in result.output
    assert "valkey" in result.stdout
    assert "checks failed" in result.stderr


@pytest.fixture
def stranger(database_url, monkeypatch):
    """Log in as somebody who has no rights at all, and give their name."""
    name = "stranger_of_the_doctor"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'stranger'")
        address = database_url.rpartition("@")[2]
        monkeypatch.setenv("OPEN_IMPACT_DATABASE_URL", f"postgresql://{name}:stranger@{address}")
        yield name
        connection.execute(f"DROP ROLE {name}")


def test_a_user_without_the_service_s_rights_fails(checked, stranger):
    """Whoever logs in must be able to take the service's role on."""
    checks, is_well = checked()

    assert not is_well
    assert checks["rights"]["verdict"] == "fail"
    assert f'GRANT open_impact_service TO "{stranger}"' in checks["rights"]["mend"]


def test_a_user_with_the_service_s_rights_alone_is_well(checked, stranger, database_url):
    """A login that may act as the service needs no more for everyday work."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"GRANT open_impact_service TO {stranger}")
        checks, is_well = checked()
        connection.execute(f"REVOKE open_impact_service FROM {stranger}")

    assert is_well
    assert checks["schema"]["verdict"] == "ok"


def test_settings_that_cannot_be_meant_fail(open_impact, monkeypatch):
    """A malformed variable is a failed check, not the end of the doctor."""
    monkeypatch.setenv("OPEN_IMPACT_LOG_LEVEL", "loud")
    result = open_impact("doctor", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["checks"][0]["name"] == "settings"


def test_nothing_at_all_fails(alone, tmp_path):
    """Without an installation the doctor says how to start one."""
    result = alone("doctor")

    assert result.exit_code == 1
    assert "Start it with `open-impact up`" in result.stdout


async def _verdict(url):
    return (await check_valkey(url)).verdict


@pytest.mark.asyncio
async def test_valkey_is_asked(redis_url):
    """A server that answers is well; one that is away fails; none at all is a warning."""
    assert await _verdict(redis_url) == "ok"
    assert await _verdict("redis://127.0.0.1:1/0") == "fail"
    assert await _verdict(None) == "warn"


def test_the_disk_is_looked_at_where_the_folder_will_be(tmp_path):
    """A data folder that is not there yet is measured where it would be made."""
    check = check_disk(Settings(data=tmp_path / "not" / "yet"))

    assert str(tmp_path) in check.found
