"""The log from the command line: read, followed, verified, exported."""

import hashlib
import json

import psycopg
import pytest


@pytest.fixture
def owner(database_url):
    """Connect as the database's owner, who can do what nobody should."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        # Whoever holds the server could always do this; `verify` is there to see it.
        connection.execute("ALTER TABLE events DISABLE TRIGGER events_are_immutable")
        yield connection


@pytest.fixture
def filled(done):
    """Put a few events into the log: a community, two people, a pause."""
    done("communities", "open", "leeds", "--name", "Leeds")
    for name in ("ada", "olu"):
        done("people", "add", "--email", f"{name}@example.org", "--name", name)
    done("communities", "pause", "leeds", "--reason", "We look into it.")


def lines(text):
    """Read JSON Lines."""
    return [json.loads(line) for line in text.splitlines()]


def test_the_tail_tells_events_in_order(done, filled):
    """Every event is one line with its position, type, stream and what it says."""
    told = lines(done("events", "tail", "--json"))

    assert [(event["position"], event["type"]) for event in told] == [
        (1, "CommunityOpened"),
        (2, "PersonJoined"),
        (3, "PersonJoined"),
        (4, "VotingPaused"),
    ]
    assert told[3]["version"] == 2
    assert told[3]["data"]["reason"] == ""
    assert "sealed" in told[3]["data"]
    assert told[3]["metadata"]["command"] == "PauseVoting"
    assert [line.split()[0] for line in done("events", "tail", "--after", 2).splitlines()] == ["3", "4"]


def test_the_tail_can_be_of_some_types(open_impact, done, filled):
    """Types are named with commas between them or one by one; an unknown one is refused."""
    chosen = lines(done("events", "tail", "--json", "--types", "VotingPaused,CommunityOpened"))
    unknown = open_impact("events", "tail", "--types", "SomethingElse")

    assert [event["position"] for event in chosen] == [1, 4]
    assert unknown.exit_code == 2
    assert "IdeaLogged" in unknown.stderr


def test_the_tail_shows_the_end_by_default(done):
    """Without --after only the last 20 events are told."""
    for number in range(22):
        done("communities", "open", f"c{number}", "--name", "C")

    assert len(done("events", "tail").splitlines()) == 20


def test_the_tail_follows_the_log(done, filled, process):
    """With --follow an event shows as soon as it is there."""
    following = process("events", "tail", "--follow", "--json", "--after", 4)
    try:
        done("communities", "resume", "leeds")
        assert json.loads(following.stdout.readline())["type"] == "VotingResumed"
    finally:
        following.kill()
        following.communicate()


def test_a_stream_is_shown_whole(open_impact, done, filled):
    """`show` tells all events of a stream; one that does not exist is an error."""
    stream = lines(done("events", "tail", "--json"))[0]["stream"]
    shown = lines(done("events", "show", stream, "--json"))
    missing = open_impact("events", "show", "idea-nothing")

    assert [(event["version"], event["type"]) for event in shown] == [
        (1, "CommunityOpened"),
        (2, "VotingPaused"),
    ]
    assert missing.exit_code == 1
    assert "There is no stream 'idea-nothing'" in missing.stderr


def test_the_export_is_the_log_and_its_digest_the_verified_one(done, filled, tmp_path):
    """The file, the standard output and the digest of `verify` agree to the byte."""
    file = tmp_path / "log.jsonl"
    done("events", "export", file)
    sound = json.loads(done("events", "verify", "--json"))

    assert file.read_text() == done("events", "export") == done("events", "tail", "--after", 0, "--json")
    assert sound == {
        "events": 4,
        "head": 4,
        "streams": 3,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }
    assert list(tmp_path.iterdir()) == [file]


def test_an_export_to_nowhere_is_one_sentence(open_impact, filled, tmp_path):
    """A folder that is not there is named, and no half of a file is left."""
    result = open_impact("events", "export", tmp_path / "nowhere" / "log.jsonl")

    assert result.exit_code == 1
    assert "cannot be written (No such file or directory)" in result.stderr
    assert "Traceback" not in result.output


def test_an_empty_log_is_sound(told):
    """Nothing is gapless, too."""
    assert told("events", "verify")["events"] == 0


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("DELETE FROM events WHERE position = 2", "Position 2 is missing; the next event is at 3."),
        (
            "UPDATE events SET position = 9 WHERE position = 4",
            "Position 4 is missing; the next event is at 9.",
        ),
        ("UPDATE events SET position = 10000005 WHERE position = 4", "Position 4 is missing"),
        ("UPDATE events SET version = 3 WHERE position = 4", "is at version 3 where 2 is due."),
        (
            "UPDATE streams SET version = 7 WHERE stream LIKE 'community-%'",
            "by the table of streams, but has 2 events.",
        ),
        ("DELETE FROM streams WHERE stream LIKE 'community-%'", "at version no by the table of streams"),
        ("INSERT INTO streams VALUES ('vote-x', 1)", "The stream vote-x is at version 1"),
        ("UPDATE events SET data = '{}' WHERE position = 3", "Position 3: Event PersonJoined cannot be read"),
        ("UPDATE events SET type = 'Unheard' WHERE position = 3", "Position 3: Event Unheard cannot be read"),
    ],
)
def test_whatever_was_done_to_the_log_is_found(open_impact, filled, owner, harm, problem):
    """Each kind of harm makes `verify` fail, with the first problem named."""
    owner.execute(harm)
    result = open_impact("events", "verify")

    assert (result.exit_code, result.stdout) == (1, "")
    assert problem in result.stderr


def test_an_event_that_is_there_twice_is_found(open_impact, filled, owner):
    """Two events under one identifier are an error even where no index refuses them."""
    owner.execute("DROP INDEX events_000000_event_id")
    owner.execute(
        "UPDATE events SET event_id = (SELECT event_id FROM events WHERE position = 2) WHERE position = 4"
    )
    result = open_impact("events", "verify")

    assert result.exit_code == 1
    assert "is there twice, at the positions 2 and 4." in result.stderr


def test_a_changed_event_changes_the_digest(told, filled, owner):
    """A change that leaves everything readable still shows in the digest."""
    before = told("events", "verify")
    owner.execute("UPDATE events SET data = replace(data::text, ',', ', ')::json WHERE position = 4")
    after = told("events", "verify")

    assert before["events"] == after["events"]
    assert before["sha256"] != after["sha256"]


def test_what_is_sealed_is_shown_to_whoever_asks_for_it(done, told, filled):
    """With --open a stream's texts are in clear, as text and as JSON; without it they stay sealed."""
    (joined, *_) = [
        event for event in lines(done("events", "tail", "--json")) if event["type"] == "PersonJoined"
    ]
    sealed = lines(done("events", "show", joined["stream"], "--json"))[0]
    assert (sealed["data"]["name"], "sealed" in sealed["data"]) == ("", True)
    opened = lines(done("events", "show", joined["stream"], "--open", "--json"))[0]
    assert (opened["data"]["name"], "sealed" in opened["data"]) == ("ada", False)
    assert {**opened, "data": None} == {**sealed, "data": None}
    assert '"name":"ada"' in done("events", "show", joined["stream"], "--open")
    assert '"name":"ada"' not in done("events", "show", joined["stream"])


def test_what_cannot_be_opened_is_shown_as_it_is_stored(done, filled, owner):
    """An erased subject's texts are empty, and an event that cannot be read is shown as it stands in the log."""
    events = [event for event in lines(done("events", "tail", "--json")) if event["type"] == "PersonJoined"]
    first, second = (event["stream"] for event in events)
    owner.execute(
        "UPDATE subject_keys SET wrapped = NULL, destroyed_at = now() WHERE subject = %s",
        (first.partition("-")[2],),
    )
    owner.execute("DELETE FROM subject_keys WHERE subject = %s", (second.partition("-")[2],))
    erased = lines(done("events", "show", first, "--open", "--json"))[0]
    assert (erased["data"]["name"], "sealed" in erased["data"]) == ("", False)
    assert lines(done("events", "show", second, "--open", "--json"))[0] == events[1]


def test_opening_needs_the_secret_key(open_impact, filled, monkeypatch):
    """Without the secret key --open is refused in a sentence that names it."""
    monkeypatch.delenv("OPEN_IMPACT_SECRET_KEY")
    refused = open_impact("events", "show", "community-nonsense", "--open")
    assert (refused.exit_code, "OPEN_IMPACT_SECRET_KEY" in refused.stderr) == (1, True)
