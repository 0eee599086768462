"""A change that breaks what was published about events fails here, and says what it breaks."""

import copy

import msgspec
import pytest

from app.webhooks.catalogue import CATALOGUE
from events.upcasting import UPCASTERS
from tests.webhooks import published as publishing
from tests.webhooks.published import COMMAND, FOLDER, breaks, file_of, present

KINDS = list(CATALOGUE.values())
PLEDGE = present(CATALOGUE["PledgeMade"])
DATA = PLEDGE["$defs"]["PledgeMade"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_was_published_still_holds(kind):
    """Whoever reads by the schema they have can read what is sent now, and the other way round."""
    file = file_of(kind)
    assert file.exists(), f"{kind.name} is new; publish it with `{COMMAND}`."
    published = msgspec.json.decode(file.read_bytes())
    assert breaks(published, present(kind)) == [], f"{kind.name} v{kind.version} breaks what was published."
    assert published == present(kind), f"{kind.name} was extended; publish that with `{COMMAND}`."


def test_no_type_goes_away():
    """A type that was published is there, or is lifted to one that is."""
    published = {file.name.partition(".")[0] for file in FOLDER.glob("*.json")}
    assert published - set(CATALOGUE) <= set(UPCASTERS)


def test_the_command_publishes_what_breaks_nothing(tmp_path, monkeypatch, capsys):
    """New types and fields are written down; a schema that would break keeps its file, and the command fails."""
    monkeypatch.setattr(publishing, "FOLDER", tmp_path / "schemas")
    assert publishing.main() == 0
    assert len(list((tmp_path / "schemas").iterdir())) == len(CATALOGUE)
    extended, broken = (file_of(CATALOGUE[name]) for name in ("PledgeMade", "IdeaLogged"))
    earlier = changed(lambda data, _: data["properties"].pop("mandate_id"))
    extended.write_bytes(msgspec.json.encode(earlier))
    other = present(CATALOGUE["IdeaLogged"])
    put(other["$defs"]["IdeaLogged"], "mood", {"type": "string"})
    broken.write_bytes(msgspec.json.encode(other))
    assert publishing.main() == 1
    assert (
        capsys.readouterr().err
        == "IdeaLogged: `data.mood` is gone, or has another name.\nIdeaLogged: `cloudevent.data.mood` is gone, or has another name.\n"
    )
    assert msgspec.json.decode(extended.read_bytes()) == PLEDGE
    assert msgspec.json.decode(broken.read_bytes()) == other


def changed(change):
    """Give the schema of a pledge with a change to what it says of the event."""
    schema = copy.deepcopy(PLEDGE)
    change(schema["$defs"]["PledgeMade"], schema)
    return schema


def without(data, field):
    """Take a field out of a schema."""
    del data["properties"][field]
    data["required"] = [name for name in data["required"] if name != field]


def renamed(data, field, name):
    """Give a field of a schema another name."""
    data["properties"][name] = data["properties"].pop(field)
    data["required"] = [name if each == field else each for each in data["required"]]


def put(data, field, schema, *, required=False):
    """Put a field into a schema, or another in its place."""
    data["properties"][field] = schema
    data["required"] += [field] if required else []


BREAKING = {
    "a field is removed": (
        lambda data, _: without(data, "amount"),
        "`data.amount` is gone, or has another name.",
    ),
    "a field is renamed": (
        lambda data, _: renamed(data, "amount", "sum"),
        "`data.amount` is gone, or has another name.",
    ),
    "another type": (
        lambda data, _: put(data, "pool_id", {"type": "integer"}),
        '`data.pool_id` has another type: "integer" instead of "string".',
    ),
    "another format": (
        lambda data, _: put(data, "pool_id", {"type": "string"}),
        '`data.pool_id` has another format: none instead of "uuid".',
    ),
    "another default": (
        lambda data, _: data["properties"]["kind"].update(default="in_kind"),
        '`data.kind` has another default: "in_kind" instead of "money".',
    ),
    "a field becomes required": (
        lambda data, _: data["required"].append("mandate_id"),
        "`data.mandate_id` becomes required, and earlier messages may lack it.",
    ),
    "a field need not be there any more": (
        lambda data, _: data["required"].remove("amount"),
        "`data.amount` need not be there any more, and readers count on it.",
    ),
    "a new field is required": (
        lambda data, _: put(data, "made_in", {"type": "string"}, required=True),
        "`data.made_in` is new and required, and earlier messages lack it.",
    ),
    "a narrower choice": (
        lambda data, _: data["properties"]["kind"]["anyOf"][0].update(enum=["money"]),
        '`data.kind` cannot be "in_kind" any more.',
    ),
    "a word becomes a choice": (
        lambda _, schema: schema["$defs"]["Money"]["properties"].update(currency={"enum": ["GBP"]}),
        "`data.amount.currency` becomes a choice.",
    ),
    "a choice becomes a word": (
        lambda data, _: put(data, "kind", {"type": "string", "default": "money"}),
        "`data.kind` is no choice any more.",
    ),
    "a value may be null": (
        lambda data, _: put(data, "amount", {"anyOf": [{"$ref": "#/$defs/Money"}, {"type": "null"}]}),
        "`data.amount` may be null, which readers do not expect.",
    ),
    "a value may not be null any more": (
        lambda data, _: put(data, "made_by", {"type": "string", "format": "uuid", "default": None}),
        "`data.made_by` may not be null any more, and earlier messages may say so.",
    ),
    "deep inside": (
        lambda _, schema: without(schema["$defs"]["PledgeConditions"], "match_cap"),
        "`data.conditions.match_cap` is gone, or has another name.",
    ),
    "inside a list": (
        lambda _, schema: schema["$defs"]["PledgeConditions"]["properties"]["with_funders"].update(
            items={"type": "integer"}
        ),
        '`data.conditions.with_funders[]` has another type: "integer" instead of "string".',
    ),
    "no list any more": (
        lambda _, schema: schema["$defs"]["PledgeConditions"]["properties"]["with_funders"].pop("items"),
        "`data.conditions.with_funders` has other items.",
    ),
    "closed to later fields": (
        lambda data, _: data.update(additionalProperties=False),
        "`data` is closed to fields that are added later.",
    ),
    "the envelope": (
        lambda _, schema: without(schema, "position"),
        "`position` is gone, or has another name.",
    ),
    "the attributes of CloudEvents": (
        lambda _, schema: without(schema["$defs"]["CloudEvent"], "sequence"),
        "`cloudevent.sequence` is gone, or has another name.",
    ),
    "a part": (
        lambda data, _: data.pop("$anchor"),
        "The part `data` is gone.",
    ),
    "another name of the type": (
        lambda _, schema: schema["properties"].update(type={"const": "PledgeGiven"}),
        '`type` has another const: "PledgeGiven" instead of "PledgeMade".',
    ),
    "another address": (
        lambda _, schema: schema.update({"$id": "/elsewhere.json"}),
        "It is no longer at /api/v1/event-types/PledgeMade/schema.json.",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), BREAKING.values(), ids=BREAKING)
def test_a_change_that_breaks_is_named(change, sentence):
    """Each way to break a schema is found, and told in a sentence with the place."""
    assert sentence in breaks(PLEDGE, changed(change))


@pytest.mark.parametrize(
    "change",
    [
        lambda data, _: put(data, "note_id", {"type": "string", "format": "uuid"}),
        lambda data, _: put(data, "costs", {"anyOf": [{"$ref": "#/$defs/Money"}, {"type": "null"}]}),
        lambda data, _: data["properties"]["kind"]["anyOf"][0].update(enum=["in_kind", "money", "time"]),
        lambda data, schema: (data.update(description="Otherwise."), schema.update(title="Otherwise")),
        lambda _, schema: renamed_definition(schema),
        lambda data, schema: (
            put(schema["$defs"]["PledgeConditions"], "region", {"type": "string", "default": ""}),
            data["properties"]["conditions"]["default"].update(region=""),
        ),
    ],
    ids=[
        "an optional field",
        "an optional value",
        "a wider choice",
        "other words",
        "another definition",
        "inside",
    ],
)
def test_a_change_that_breaks_nothing_passes(change):
    """A field that need not be there, a further choice, and other words about the same break nothing."""
    after = changed(change)
    assert after != PLEDGE
    assert breaks(PLEDGE, after) == []


def renamed_definition(schema):
    """Call a value that several schemas share by another name, which no reader sees."""
    schema["$defs"]["Amount"] = schema["$defs"].pop("Money")
    text = msgspec.json.encode(schema).replace(b"#/$defs/Money", b"#/$defs/Amount")
    schema.update(msgspec.json.decode(text))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_field_is_guarded(kind):
    """There is no field, in any published schema, that could be removed unnoticed."""
    schema = present(kind)
    for name, part in {"": schema, **schema["$defs"]}.items():
        for field in part["properties"]:
            after = copy.deepcopy(schema)
            inside = after["$defs"][name] if name else after
            without({"required": [], **inside}, field)
            assert any(f"{field}` is gone" in fault for fault in breaks(schema, after)), (name, field)
