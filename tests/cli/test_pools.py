"""`open-impact pools resolve`: a line in, a line out, and a bad line is named."""

import json

import pytest

POOL = {
    "ceiling": 60,
    "pledges": [
        {"id": "a", "funder": "F1", "amount": 100, "max_share": "0.5"},
        {"id": "b", "funder": "F2", "amount": 41, "min_funders": 2, "with_funders": ["F1"]},
    ],
}
ANSWER = {"amounts": {"a": 41, "b": 41}, "total": 82, "scaled": {"a": 30, "b": 30}}


def lines(*values):
    """Write values as JSON lines."""
    return "".join(json.dumps(value) + "\n" for value in values)


def pledge(**more):
    """Give a pool of one pledge."""
    return {"ceiling": None, "pledges": [{"id": "a", "funder": "F1", "amount": 100, **more}]}


def test_each_line_is_answered_by_a_line(alone, tmp_path):
    """Pools are answered in their order, without any database; a missing ceiling is none."""
    file = tmp_path / "pools.jsonl"
    file.write_text(lines(POOL, {"pledges": []}, pledge(max_share="0.1"), pledge(match_cap=5)))
    result = alone("pools", "resolve", file)
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        ANSWER,
        {"amounts": {}, "total": 0, "scaled": {}},
        {"amounts": {"a": 0}, "total": 0, "scaled": {"a": 0}},
        {"amounts": {"a": 5}, "total": 5, "scaled": {"a": 5}},
    ]


def test_the_standard_input_is_read(alone):
    """A dash stands for what is piped in; a line that is empty is no pool."""
    result = alone("pools", "resolve", "-", input=lines(POOL) + "\n")
    assert (result.exit_code, json.loads(result.stdout)) == (0, ANSWER)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("nonsense", "malformed"),
        ('"text"', "object"),
        (json.dumps(pledge(amount=-1)), "$.pledges[0].amount"),
        (json.dumps(pledge(amount=0.5)), "$.pledges[0].amount"),
        (json.dumps(pledge(amount=2**63)), "$.pledges[0].amount"),
        (json.dumps(pledge(max_share="1/2")), "decimal"),
        (json.dumps(pledge(max_share=0.5)), "$.pledges[0].max_share"),
        (json.dumps(pledge(max_share="1.5")), "up to 1"),
        (json.dumps(pledge(min_totl=5)), "min_totl"),
        (json.dumps({"pledges": [{"id": "a", "funder": "F", "amount": 1}] * 2}), "same id"),
        ("\udcff", "line 2"),
    ],
)
def test_a_bad_line_is_named(alone, bad, said):
    """One sentence on the standard error stream says which line and what is wrong; lines before it are answered."""
    piped = (lines(POOL) + bad + "\n").encode(errors="surrogateescape")
    result = alone("pools", "resolve", "-", input=piped)
    assert result.exit_code == 1
    assert json.loads(result.stdout) == ANSWER
    assert "line 2: " in result.stderr
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
