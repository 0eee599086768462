"""A condition holds of what is sent, and of nothing that is left out."""

from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.http.public_log import PublicEvent
from app.webhooks.conditions import TESTS_MAX, Comparison, Condition, faults, holds, read, written
from events.contracts import IdeaLogged, Money, SupportReached
from tests.projections.examples import NOON

IDEA = UUID("0190b000-0000-7000-8000-000000000020")
EVENT = PublicEvent(
    type="IdeaLogged",
    timestamp=NOON,
    position=7,
    id=IDEA,
    stream=f"idea-{IDEA}",
    version=1,
    occurred_at=NOON,
    recorded_at=NOON,
    data=IdeaLogged(
        idea_id=IDEA,
        community_id=IDEA,
        author_id=IDEA,
        title="A secret title",
        problem="",
        proposal="",
        beneficiaries="",
        themes=("SDG3", "EN103"),
        places=(),
        ask=Money(amount_minor=50_000, currency="GBP"),
        occurred_at=NOON,
    ),
)
fields = st.sampled_from(["idea_id", "type", "ask.amount_minor", "ask", "themes", "title", "nowhere.at.all"])
values = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 60_000), st.sampled_from(["GBP", str(IDEA), "SDG3"])
)
comparisons = st.builds(
    Comparison,
    field=fields,
    how=st.sampled_from(["is", "is_not", "at_least", "at_most", "contains"]),
    value=values,
)
several = st.lists(comparisons, max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("field", "how", "value", "holding"),
    [
        ("idea_id", "is", str(IDEA), True),
        ("idea_id", "is_not", str(IDEA), False),
        ("type", "is", "IdeaLogged", True),
        ("stream", "is", f"idea-{IDEA}", True),
        ("ask.amount_minor", "at_least", 50_000, True),
        ("ask.amount_minor", "at_least", 50_001, False),
        ("ask.amount_minor", "at_most", 50_000, True),
        ("ask.currency", "is", "GBP", True),
        ("ask.currency", "at_least", 1, False),
        ("themes", "contains", "SDG3", True),
        ("themes", "contains", "SDG4", False),
        ("source", "is", None, True),
        ("ask.amount_minor", "is", True, False),
        ("nowhere", "is", None, False),
        ("nowhere", "is_not", "x", True),
        ("ask.amount_minor.more", "at_least", 0, False),
        ("title", "is", "A secret title", False),
    ],
)
def test_a_field_is_compared_with_a_value(field, how, value, holding):
    """By its path and as it is sent: a text that people wrote is not there to be compared."""
    one = Comparison(field=field, how=how, value=value)
    assert holds(Condition(all=(one,)), EVENT) is holding


@given(several, several)
def test_all_must_hold_and_one_of_any(every, some):
    """A condition is what its comparisons are one by one, put together."""
    true_of = [holds(Condition(all=(one,)), EVENT) for one in every]
    true_of_some = [holds(Condition(all=(one,)), EVENT) for one in some]
    expected = all(true_of) and (not some or any(true_of_some))
    assert holds(Condition(all=every, any=some), EVENT) is expected


@given(comparisons)
def test_is_not_is_the_opposite_of_is(one):
    """Of every field and value one of the two holds."""
    same, other = (Condition(all=(msgspec.structs.replace(one, how=how),)) for how in ("is", "is_not"))
    assert holds(same, EVENT) is not holds(other, EVENT)


@pytest.mark.parametrize(
    ("before", "votes", "mark", "holding"),
    [
        (45, 50, 50, True),
        (3, 200, 50, True),
        (50, 60, 50, False),
        (40, 45, 50, False),
        (45, 50, True, False),
    ],
)
def test_a_mark_is_reached_by_one_event(before, votes, mark, holding):
    """It holds of the event before which fewer votes had been told, also when that jumped over the mark."""
    data = SupportReached(idea_id=IDEA, before=before, verified_votes=votes, occurred_at=EVENT.occurred_at)
    event = replace(EVENT, type="SupportReached", stream=f"support-{IDEA}", data=data)
    one = Comparison(field="verified_votes", how="reaches", value=mark)
    assert holds(Condition(all=(one,)), event) is holding
    assert not holds(Condition(all=(one,)), EVENT), "other events reach nothing"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("verified_votes", 50, None),
        ("verified_votes", 42, "Support is told at certain marks only: choose 40 or 45."),
        ("verified_votes", 0, "Support is told at certain marks only: choose 1."),
        ("verified_votes", "50", "Say which number is reached, such as 50."),
        ("score", 50, "Only verified_votes reaches something."),
    ],
)
def test_only_a_mark_can_be_reached(field, value, sentence):
    """What would never be told is refused, with the nearest marks."""
    one = Comparison(field=field, how="reaches", value=value)
    assert list(faults(Condition(all=(one,)))) == ([] if sentence is None else [("all[0].value", sentence)])


@given(several, several)
def test_a_condition_is_kept_as_it_is(every, some):
    """What is written is read again; a condition without comparisons is none."""
    condition = Condition(all=every, any=some)
    assert read(written(condition)) == (condition if every or some else None)
    assert written(None) == ""


def test_what_is_wrong_with_a_condition_is_named():
    """Each comparison at fault is named by its place."""
    wrong = Condition(
        all=(
            Comparison(field="", how="is", value=1),
            Comparison(field="a..b", how="is", value=1),
            Comparison(field="a", how="at_least", value="x"),
            Comparison(field="a", how="at_most", value=True),
            Comparison(field="a\0", how="is", value=1),
            Comparison(field="a", how="is", value="\0"),
            Comparison(field="a", how="is", value=-1),
            Comparison(field="a", how="is", value=2**53),
        ),
        any=(Comparison(field="a", how="is", value="x" * 201),),
    )
    places = ["all[0].field", "all[1].field", "all[2].value", "all[3].value", "all[4].field"]
    places += ["all[5].value", "all[6].value", "all[7].value", "any[0].value"]
    assert [where for where, _ in faults(wrong)] == places
    many = Condition(all=(Comparison(field="a", how="is", value=1),) * (TESTS_MAX + 1))
    assert [where for where, _ in faults(many)] == [""]
