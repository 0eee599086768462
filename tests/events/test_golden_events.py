"""Golden files: one event of each contract, as the log has stored it, which every release reads and writes alike.

`tests/fixtures/events/<Type>.json` is the present shape with every field set, its texts sealed (see `golden`). When
a field is added (with a default), the file so far is kept beside it as `<Type>@<n>.json`: it must be readable for
ever.
"""

from pathlib import Path

import msgspec
import pytest

from events.contracts import CONTRACTS
from events.sealing.codec import SEALED, SEALING
from events.sealing.marks import marks_of
from tests.events import golden

FOLDER = Path(__file__).parents[1] / "fixtures" / "events"
FILES = sorted(FOLDER.glob("*.json"))
PRESENT = [file for file in FILES if "@" not in file.stem]


def stored(file: Path) -> str:
    """Read an event as the log stores it; the file's last line break is not part of it."""
    return file.read_text(encoding="utf-8").removesuffix("\n")


def test_every_contract_has_a_golden_file():
    """A contract without a golden file could change its shape unnoticed; the present ones are all here."""
    missing = {contract.__name__ for contract in CONTRACTS} - {file.stem for file in PRESENT}
    assert not missing


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_stored_event_can_be_read(file):
    """Whatever was ever stored can be read by this release, if need be through upcasters."""
    event = golden.opened(file.stem.partition("@")[0], stored(file))
    assert type(event) in CONTRACTS


@pytest.mark.parametrize("file", PRESENT, ids=lambda file: file.stem)
def test_an_event_is_written_as_it_is_stored(file):
    """The present shape, read and written again, is byte for byte the same but for its seal, with no field left out."""
    event = golden.opened(file.stem, stored(file))
    assert type(event).__name__ == file.stem
    again, before = golden.stored(event), stored(file)
    assert golden.opened(file.stem, again) == event
    held = msgspec.json.decode(before)
    sealed = [SEALED] if marks_of(type(event)) else []
    assert list(held) == [*type(event).__struct_fields__, *sealed]
    assert again.partition(f'"{SEALED}"')[0] == before.partition(f'"{SEALED}"')[0]


@pytest.mark.parametrize("file", PRESENT, ids=lambda file: file.stem)
def test_a_golden_file_shows_every_field_at_work(file):
    """No field of a golden event is at its default, so that each one's form is on record."""
    event = golden.opened(file.stem, stored(file))
    for field in msgspec.structs.fields(type(event)):
        assert getattr(event, field.name) != field.default


@pytest.mark.parametrize("file", PRESENT, ids=lambda file: file.stem)
def test_a_golden_file_shows_no_text(file):
    """What is marked as personal is sealed in the file, as in the log."""
    event = golden.opened(file.stem, stored(file))
    marks = marks_of(type(event))
    for text in marks.texts_of(event).values() if marks else ():
        assert text
        assert text not in stored(file)
    assert (file.stem in SEALING.plain) == (SEALED not in msgspec.json.decode(stored(file)))
