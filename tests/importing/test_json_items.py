"""The objects of an array in a JSON file, one at a time, however the file is cut."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importing import json_items
from app.importing.json_items import items_of
from app.importing.rows import BadRow

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def file(tmp_path):
    """Give a way to write a file."""

    def write(content):
        path = tmp_path / "file.json"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@given(
    around=st.tuples(
        *(
            st.dictionaries(st.text(max_size=4).map(name.format), values, max_size=2)
            for name in ("b{}", "a{}")
        )
    ),
    rows=st.lists(st.dictionaries(st.text(max_size=4), values, max_size=3), max_size=5),
    indent=st.sampled_from([None, 1]),
    chunk=st.integers(1, 40),
)
def test_what_was_written_is_read(tmp_path_factory, around, rows, indent, chunk):
    """Whatever stands around the array, and wherever the file is cut, its objects come out as they were."""
    path = tmp_path_factory.mktemp("items") / "file.json"
    path.write_text(json.dumps({**around[0], "grants": rows, **around[1]}, indent=indent), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_items, "_CHUNK", chunk)
        found = list(items_of(path, "grants"))
    assert [item.members for item in found] == rows
    assert [item.number for item in found] == list(range(len(rows)))
    if indent and rows:
        text = path.read_text(encoding="utf-8").split("\n")
        assert all(text[item.line - 1].strip().startswith("{") for item in found)


def test_numbers_stay_decimal(file):
    """An amount is what was written, not what is nearest to it in binary."""
    (item,) = items_of(file('\ufeff{"grants": [{"amount": 0.1}]}'), "grants")
    assert item.members == {"amount": Decimal("0.1")}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "line 1: this is no JSON: a { is expected."),
        ("[]", "line 1: this is no JSON: a { is expected."),
        ("{}", "there is no list of grants in this file."),
        ('{"grants": {}}', "line 1: this is no JSON: a [ is expected."),
        ('{"grants": [\n1]}', "line 2: grants[0] is no object."),
        ('{"grants": [{}\n', "line 2: this is no JSON: a ] is expected."),
        ('{"grants": [{"a": NaN}]}', "line 1: this is no JSON (a value nobody can read)."),
        ('{"grants": [{"a": 1,}]}', "line 1: this is no JSON ("),
        ('{"grants": []} more', "line 1: the JSON goes on after its end."),
        (b'{"grants": [{"a": "\xff"}]}', "this is not UTF-8; save the file as UTF-8."),
        (
            '{"grants": [{"a": "' + "x" * 3_000_000 + '"}]}',
            "line 1: one value is longer than 1,048,576 characters.",
        ),
        ('{"grants": ' + "[" * 100_000, "line 1: this is no JSON"),
    ],
)
def test_what_is_no_such_file_is_told_by_its_line(file, content, told):
    """Whatever is wrong, one sentence says where and what."""
    with pytest.raises(BadRow) as wrong:
        list(items_of(file(content), "grants"))
    assert told in str(wrong.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    """A missing file is an error of one sentence as well."""
    with pytest.raises(BadRow, match="cannot be read"):
        list(items_of(tmp_path / "none.json", "grants"))
