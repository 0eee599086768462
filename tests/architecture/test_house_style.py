"""The house style, as far as a program can hold it: short files, reasons beside exceptions, one statement a file."""

import ast
import io
import re
import tokenize

import pytest

from tests.architecture.sources import ROOMS, ROOT, files, name, tree

LINES_MAX = 400
SILENCED = re.compile(
    r"#\s*(?P<what>type:\s*ignore|noqa)(?:\[(?P<kinds>[\w, -]+)\]|:\s*(?P<rules>[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*))?"
    r"(?P<rest>.*)"
)
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}


@pytest.mark.parametrize("room", [*ROOMS, "tests"])
def test_no_file_is_long(room):
    """A file that passes 400 lines is asking to become a package."""
    long = {
        name(file): lines
        for file in (*files(room), *files(room, ending=".sql"))
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LINES_MAX
    }
    assert long == {}


@pytest.mark.parametrize("room", [*ROOMS, "tests"])
def test_no_name_is_vague(room):
    """No module or package is named for everything and nothing."""
    assert [name(file) for file in files(room) if VAGUE & {file.stem, *file.relative_to(ROOT).parts}] == []


def unreasoned(source: str) -> list[str]:
    """List what silences a tool without naming the rule, or names a rule that has no reason in the whole file.

    The reason stands behind the comment or in a comment on the line above, at least where a rule is silenced first.
    """
    comments = {
        token.start[0]: token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    bare: list[str] = []
    reasoned: set[str] = set()
    for line, comment in sorted(comments.items()):
        if not (silencing := SILENCED.search(comment)):
            continue
        rules = set(re.split(r",\s*", silencing["kinds"] or silencing["rules"] or ""))
        above = comments.get(line - 1, "")
        if has_words(silencing["rest"]) or (has_words(above) and not SILENCED.search(above)):
            reasoned |= rules
        if "" in rules or not rules <= reasoned:
            bare.append(f"line {line}: {comment}")
    return bare


def has_words(text: str) -> bool:
    """Tell whether a text says anything."""
    return bool(re.search(r"[a-z]{3,}", text))


@pytest.mark.parametrize("room", [*ROOMS, "tests"])
def test_whatever_is_silenced_has_a_reason(room):
    """A check is only ever switched off by name and with the reason beside it."""
    bare = {name(file): unreasoned(file.read_text(encoding="utf-8")) for file in files(room)}
    assert {file: comments for file, comments in bare.items() if comments} == {}


NOQA, IGNORE = "# no" + "qa", "# type" + ": ignore"


def test_the_check_of_silence_catches_what_is_planted():
    """A bare comment is caught in each of its forms, and so is a second rule for which there is no reason."""
    for comment in (
        *(NOQA, f"{NOQA}: S603", f"{NOQA}: S603, S607", f"{NOQA}  # Because it must."),
        *(IGNORE, f"{IGNORE}[misc]", f"{IGNORE}  # It must be so."),
    ):
        assert unreasoned(f"x = 1  {comment}\n"), comment
    assert unreasoned(f"x = 1  {NOQA}: S603  # The words are ours.\ny = 1  {NOQA}: S607\n")
    assert unreasoned(f"x = 1  {NOQA}: S603\ny = 1  {NOQA}: S603  # Said too late.\n") == [
        f"line 1: {NOQA}: S603"
    ]


def test_the_check_of_silence_takes_a_reason_for_a_reason():
    """A reason behind the rule or on the line above will do, for the rest of the file; a string is no comment."""
    for source in (
        f"x = 1  {NOQA}: S603  # The words are ours alone.\ny = 1  {NOQA}: S603\n",
        f"# The words are ours alone.\nx = 1  {NOQA}: S603\n",
        f"x = 1  {IGNORE}[misc]  # As above.\n",
        f"x = '{NOQA}'\n",
    ):
        assert unreasoned(source) == []


PROJECTIONS = [file for file in files("projections") if file.name == "__init__.py"][1:]


def test_every_projection_is_a_package():
    """Each folder of the read models has an __init__ that says what it is for."""
    folders = {file.parent for file in files("projections")} - {ROOT / "projections"}
    assert folders <= {file.parent for file in PROJECTIONS}


@pytest.mark.parametrize(
    "file", [file for file in PROJECTIONS if file.parents[1].name == "projections"], ids=name
)
def test_every_projection_asks_a_question(file):
    """A read model answers one question, and its package says which."""
    assert "?" in (ast.get_docstring(tree(file)) or "")


def statements(sql: str) -> int:
    """Count the statements of a script, whatever its strings, names, comments and function bodies hold."""
    plain = re.sub(
        r"(\$\w*\$).*?\1|'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/", " x ", sql, flags=re.DOTALL
    )
    plain = re.sub(r"--[^\n]*", "", plain)
    return len([part for part in plain.split(";") if part.replace(" x ", "").strip()])


@pytest.mark.parametrize(
    "file",
    [
        file
        for file in files(*ROOMS, ending=".sql")
        if "migrations" not in file.parts and file.name != "schema.sql"
    ],
    ids=name,
)
def test_a_file_of_sql_is_one_statement(file):
    """One statement a file, so that each can be read, explained and timed by itself."""
    assert statements(file.read_text(encoding="utf-8")) == 1


def test_the_count_of_statements_is_right():
    """Semicolons in strings, comments and bodies do not count, and a comment is no statement."""
    assert statements("-- one; two\nSELECT ';' AS \"a;b\" /* ; */") == 1
    assert statements("SELECT 1;\n-- the end;\n") == 1
    assert statements("SELECT 1; SELECT 2") == 2
    assert statements("DO $x$ BEGIN; END; $x$; SELECT 1") == 2


def test_every_test_says_what_holds():
    """Every test has one sentence for a docstring, ending in a full stop."""
    silent = [
        f"{name(file)}: {node.name}"
        for file in files("tests")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not (ast.get_docstring(node) or "").strip().endswith((".", "?", "!"))
    ]
    assert silent == []
