"""`open-impact import`: what it says, and what it refuses."""

import json
import os

import pytest

from tests.importing.conftest import PABULIB_SAMPLE, POLIS_SAMPLE


@pytest.fixture
def budget(tmp_path):
    """Write the sample `.pb` file with some of its text exchanged."""

    def write(old="", new=""):
        path = tmp_path / "exampleton.pb"
        path.write_text(PABULIB_SAMPLE.replace(old, new, 1), encoding="utf-8")
        return path

    return write


@pytest.fixture
def conversation(tmp_path):
    """Write the sample export of a conversation."""
    for name, text in POLIS_SAMPLE.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_budget_is_imported_once(done, told, budget):
    """The first time says what came in, the second that nothing was left to add."""
    first = done("import", "pabulib", budget(), "--community", "exampleton")
    second = told("import", "pabulib", budget(), "--community", "exampleton")

    assert (
        first == "3 ideas and 3 votes of 2 people are in the community exampleton now; 9 events were added.\n"
    )
    assert second == {
        "community": "exampleton",
        "ideas": 3,
        "voters": 2,
        "votes": 3,
        "withdrawals": 0,
        "appended": 0,
        "unchanged": 9,
        "dry_run": False,
    }
    assert "Nothing to add" in done("import", "pabulib", budget())
    assert told("events", "verify")["events"] == 10


def test_a_conversation_is_imported_with_its_withdrawals(told, conversation):
    """Votes, their withdrawal and their return come in, at their own times."""
    report = told("import", "polis", conversation)

    assert (report["ideas"], report["votes"], report["withdrawals"]) == (2, 4, 1)
    assert report["community"] == "polis-polis-example-5benches"


def test_any_name_makes_a_community(told, budget):
    """A community named in full gets a short name, and keeps the full one."""
    report = told("import", "pabulib", budget(), "--community", "Łódź 2024")
    (community,) = told("communities", "list")

    assert report["community"] == community["slug"] == "lodz-2024"
    assert community["name"] == "Łódź 2024"


def test_a_dry_run_checks_and_writes_nothing(alone, budget, conversation):
    """A dry run needs no database; it says what the file holds, and that nothing was written."""
    of_budget = alone("import", "pabulib", budget(), "--dry-run")
    of_conversation = alone("import", "polis", conversation, "--dry-run", "--json")
    broken = alone("import", "pabulib", budget("v2;c1;", "v2;c9;"), "--dry-run")

    assert (of_budget.exit_code, of_conversation.exit_code, broken.exit_code) == (0, 0, 1)
    assert "3 ideas and 3 votes of 2 people, for the community pabulib-" in of_budget.stdout
    assert '"withdrawals": 1' in of_conversation.stdout
    assert "line 20" in broken.stderr


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("v2;c1;", "v2;c9;"), 20),  # A project that does not exist.
        (("v1;c1,c2;34", "v1;c1,c2"), 19),  # A field is missing.
        (("PROJECTS\n", ""), 16),  # The order of the sections is wrong.
    ],
)
def test_a_broken_file_adds_nothing_and_names_the_line(open_impact, told, budget, change, line):
    """One sentence with the line, exit code 1, and nothing of the file in the log."""
    result = open_impact("import", "pabulib", budget(*change))

    assert (result.exit_code, result.stdout) == (1, "")
    assert f"exampleton.pb, line {line}: " in result.stderr
    assert result.stderr.count("\n") == 1
    assert told("events", "verify")["events"] == 0


def test_a_file_that_is_not_utf_8_is_refused(open_impact, tmp_path):
    """The byte that is wrong is named with its line."""
    path = tmp_path / "latin.pb"
    path.write_bytes(PABULIB_SAMPLE.replace("Choir", "Chór").encode("iso-8859-2"))
    result = open_impact("import", "pabulib", path)

    assert result.exit_code == 1
    assert "latin.pb, line 15: byte" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("pabulib", "nowhere.pb"), 1, "There is no nowhere.pb"),
        (("polis", os.devnull), 1, "is a folder with comments.csv and votes.csv"),
        (("spreadsheet", "x"), 2, "'polis', 'grants360', 'sample'"),
        (("sample", "-", "--community", "x"), 2, "takes neither --community nor --dry-run"),
    ],
)
def test_what_cannot_be_imported_is_refused(open_impact, arguments, code, sentence):
    """Each mistake is answered with what is expected."""
    result = open_impact("import", *arguments)

    assert (result.exit_code, result.stdout) == (code, "")
    assert sentence in result.stderr


def test_the_sample_comes_with_names(done, told):
    """The sample goes to the commons, once, and its authors have names."""
    first = told("import", "sample", "-")
    second = told("import", "sample", "-")

    assert first["community"] == "commons"
    assert first["ideas"] >= 40
    assert (first["appended"] > 1_000, second["appended"]) == (True, 0)
    assert {person["email"].partition("@")[2] for person in told("people", "list")} == {"sample.invalid"}


def test_past_grants_come_in_once(open_impact, tmp_path):
    """A wrong grant is named and the file refused, or skipped when asked to; a second import adds nothing."""
    good = {
        "id": "360G-dale-1",
        "currency": "GBP",
        "amountAwarded": 5000,
        "awardDate": "2014-03-17",
        "fundingOrganization": [{"id": "GB-CHC-1000001", "name": "Dale Trust"}],
        "recipientOrganization": [{"id": "GB-CHC-1000002", "name": "Bus Society"}],
    }
    file = tmp_path / "grants.json"
    file.write_text(json.dumps({"grants": [good, {**good, "id": "360G-dale-2", "currency": "none"}]}))
    refused = open_impact("import", "grants360", file)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "grants[1]: currency is 'none'" in refused.stderr
    dry = open_impact("import", "grants360", file, "--skip-bad-rows", "--dry-run")
    assert "Nothing was written. 1 wrong row was skipped." in dry.stdout
    first = open_impact("import", "grants360", file, "--skip-bad-rows")
    assert (first.exit_code, "1 event was added" in first.stdout) == (0, True)
    assert "Skipped: grants.json" in first.stderr
    again = open_impact("import", "grants360", file, "--skip-bad-rows")
    assert "Nothing to add" in again.stdout
    assert open_impact("import", "polis", file, "--skip-bad-rows").exit_code == 2
    assert open_impact("import", "grants360", file, "--community", "leeds").exit_code == 2
