"""What happened, who did it, when and why, and what it was before."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from events.contracts import (
    CONTRACTS,
    AnyEvent,
    MandateRevised,
    MemberRemoved,
    MemberRoleChanged,
    OrganisationRevised,
    PersonProfileRevised,
    PersonVerified,
    PledgeConditions,
    StewardAppointed,
    StewardRemoved,
    SupportReached,
    VotingPaused,
    VotingResumed,
    VotingRules,
)
from projections.audit_history.queries import (
    Change,
    HistoryFilter,
    HistoryItem,
    HistoryRows,
    history,
    votes_as_of,
)
from projections.cursors import BadCursorError, encode_cursor
from projections.language import speaking
from tests.projections import endpoints, funding, grants
from tests.projections.examples import (
    AUTHOR,
    COMMONS,
    NOON,
    also_set_aside,
    days,
    idea_id,
    joined,
    lifted,
    logged,
    member,
    opened,
    organisation_id,
    person_id,
    pounds,
    registered,
    reopened,
    revised,
    rules_set,
    set_aside,
    vote,
    vote_withdrawn,
    votes,
    withdrawn,
)
from tests.pseudo import PSEUDO, english_in

pytestmark = pytest.mark.asyncio

EVERY_EVENT: list[tuple[AnyEvent, str, str | None]] = [
    (joined(), "A person joined.", None),
    (
        PersonProfileRevised(person_id=person_id(1), name="Ada", occurred_at=NOON),
        "A person changed their name.",
        None,
    ),
    (
        PersonVerified(person_id=person_id(1), how="passkey", occurred_at=NOON),
        "A person was verified by a passkey.",
        None,
    ),
    (opened(), "The community “The commons” was opened.", None),
    (
        VotingPaused(community_id=COMMONS, reason="New rules.", occurred_at=NOON),
        "Voting in “The commons” was paused.",
        "New rules.",
    ),
    (
        rules_set(5),
        "“The commons” changed its voting rules: 5 votes make an idea supported.",
        "Agreed in May.",
    ),
    (
        VotingResumed(community_id=COMMONS, occurred_at=NOON),
        "Voting in “The commons” went on.",
        None,
    ),
    (
        StewardAppointed(community_id=COMMONS, person_id=person_id(1), occurred_at=NOON),
        "A steward was appointed in “The commons”.",
        None,
    ),
    (
        StewardRemoved(community_id=COMMONS, person_id=person_id(1), reason="Moved.", occurred_at=NOON),
        "A steward of “The commons” stepped down or was removed.",
        "Moved.",
    ),
    (logged(title="Garden"), "The idea “Garden” was logged.", None),
    (vote(), "Somebody supported “Orchard”.", None),
    (vote_withdrawn(), "Somebody took back their support for “Orchard”.", None),
    (revised(title="Orchard", reason="Trees."), "The idea “Orchard” was revised.", "Trees."),
    (withdrawn(reason="Done."), "The idea “Orchard” was withdrawn.", "Done."),
    (reopened(reason=""), "The idea “Orchard” was opened again.", None),
    (registered(name="Dale Trust"), "The organisation “Dale Trust” was registered.", None),
    (member(1, "admin"), "A person came to act for “Fell Trust”: member, administers it.", None),
    (
        OrganisationRevised(organisation_id=organisation_id(), name="Fell Trust", occurred_at=NOON),
        "The organisation “Fell Trust” changed its name or website.",
        None,
    ),
    (
        MemberRoleChanged(
            organisation_id=organisation_id(),
            person_id=person_id(1),
            roles=("member", "funder"),
            occurred_at=NOON,
        ),
        "A member of “Fell Trust” has other roles now: member, commits money.",
        None,
    ),
    (
        MemberRemoved(
            organisation_id=organisation_id(),
            person_id=person_id(1),
            removed_by=person_id(2),
            occurred_at=NOON,
        ),
        "A member of “Fell Trust” was removed.",
        None,
    ),
    (
        SupportReached(idea_id=idea_id(1), before=45, verified_votes=50, occurred_at=NOON),
        "50 people support “Orchard”, by verified votes.",
        None,
    ),
    (set_aside(1, 2), "The votes of 2 people were set aside.", "They came all at once."),
    (also_set_aside(3), "The votes of 1 more person were set aside.", None),
    (lifted(), "Votes that were set aside count again.", "It was an open day."),
    *funding.TOLD,
    *grants.TOLD,
    *endpoints.TOLD,
]


async def told(
    spec, *, limit: int = 200, cursor: str | None = None, newest_first: bool = False, **wanted: object
) -> HistoryRows:
    """Ask for a page of history, the oldest first unless asked otherwise."""
    return await history(
        spec.pool, spec.store, HistoryFilter(**wanted), limit=limit, cursor=cursor, newest_first=newest_first
    )


async def items(spec, **wanted: object) -> list[HistoryItem]:
    """Ask for the items of one page."""
    return (await told(spec, **wanted)).items


async def walk(spec, limit: int, **wanted: object) -> list[int]:
    """Read the history to its end, page by page, and give the positions."""
    positions, cursor = [], None
    while True:
        page = await told(spec, limit=limit, cursor=cursor, **wanted)
        positions += [item.position for item in page.items]
        assert len(positions) <= 1_000
        if page.next_cursor is None:
            return positions
        assert len(page.items) == limit
        cursor = page.next_cursor


async def test_every_event_has_its_sentence_and_reason(spec):
    """Each kind of event there is says in words what happened, and why where somebody said so."""
    assert {type(event) for event, _, _ in EVERY_EVENT} == set(CONTRACTS)
    await spec.given(*[event for event, _, _ in EVERY_EVENT])
    assert [(item.type, item.sentence, item.why) for item in await items(spec)] == [
        (type(event).__name__, sentence, why) for event, sentence, why in EVERY_EVENT
    ]


async def test_every_event_is_said_in_the_language_of_its_reader(spec):
    """No letter of a sentence is English beside what somebody named, and nothing of it was kept in English."""
    await spec.given(*[event for event, _, _ in EVERY_EVENT])
    with speaking(PSEUDO):
        said = [item.sentence for item in await items(spec)]
    assert len(said) == len(EVERY_EVENT)
    assert [sentence for sentence in said if english_in(sentence)] == []


async def test_the_story_of_an_idea_is_one(spec):
    """What is offered, pledged and matched is part of the idea's history, and of its own, each once."""
    await spec.given(opened(), logged(), vote(), funding.offered(), funding.pool_opened(), logged(2))
    told = [item.type for item in await items(spec, subject=idea_id(1))]
    assert told == ["IdeaLogged", "VoteCast", "OfferMade", "PoolOpened"]
    assert [item.type for item in await items(spec, subject=funding.OFFER)] == ["OfferMade"]
    assert [item.type for item in await items(spec, subject=idea_id(1), type="PoolOpened")] == ["PoolOpened"]
    assert len(await walk(spec, 1, subject=idea_id(1), newest_first=True)) == 4


async def test_a_page_can_be_of_several_types(spec):
    """Types narrow a page to what is of one of them."""
    await spec.given(opened(), logged(), vote(), withdrawn())
    told = await items(spec, types=("IdeaLogged", "IdeaWithdrawn"))
    assert [item.type for item in told] == ["IdeaLogged", "IdeaWithdrawn"]
    assert await items(spec, types=("IdeaLogged",), type="VoteCast") == []


async def test_an_item_says_who_when_and_about_what(spec):
    """An item carries position, subject, actor, the time it happened and the time it was recorded."""
    at = await spec.given(opened(), logged(at=NOON), vote(7, at=NOON + days(1)), actor=person_id(7))
    item = (await items(spec))[-1]
    (event,) = await spec.store.read_positions([at])
    assert (item.position, item.subject, item.actor) == (at, idea_id(1), person_id(7))
    assert (item.occurred_at, item.recorded_at) == (NOON + days(1), event.recorded_at)
    assert item.changes == []


async def test_the_service_itself_is_nobody(spec):
    """What the service did by itself has no actor."""
    await spec.given(opened(), actor=None)
    assert [item.actor for item in await items(spec)] == [None]


async def test_a_revision_shows_before_and_after(spec):
    """A revision lists the fields it changed as they were and as they are, and no others."""
    asked = pounds(amount_minor=500_000)
    first = logged(title="Garden", problem="No green.", themes=("SDG11",), places=("GB-LDS",))
    same = {"problem": first.problem, "proposal": first.proposal, "beneficiaries": first.beneficiaries}
    await spec.given(opened(), first)
    await spec.given(
        revised(title="Orchard", **same, themes=("SDG11",), places=("GB-LDS", "GB-BST"), ask=asked),
        revised(title="Orchard", **same, themes=(), places=("GB-LDS", "GB-BST"), ask=None),
    )
    one, two = await items(spec, type="IdeaRevised")
    assert one.changes == [
        Change(field="title", before="Garden", after="Orchard"),
        Change(field="places", before=["GB-LDS"], after=["GB-LDS", "GB-BST"]),
        Change(field="ask", before=None, after={"amount_minor": 500_000, "currency": "GBP"}),
    ]
    assert two.changes == [
        Change(field="themes", before=["SDG11"], after=[]),
        Change(field="ask", before={"amount_minor": 500_000, "currency": "GBP"}, after=None),
    ]


async def test_what_was_said_again_is_no_change(spec):
    """A mandate that is revised later shows what differs, and nothing of what it says as before."""
    waiting = PledgeConditions(min_funders=2, with_funders=(organisation_id(2),))
    before = funding.published(conditions=waiting)
    await spec.given(before)
    said = {name: getattr(before, name) for name in MandateRevised.__struct_fields__ if hasattr(before, name)}
    await spec.given(MandateRevised(**{**said, "title": "Care"}, revision=2))
    item = (await items(spec, type="MandateRevised"))[0]
    assert item.changes == [Change(field="title", before=before.title, after="Care")]


async def test_rules_show_before_and_after(spec):
    """New voting rules stand beside the old ones, whole."""
    await spec.given(opened(threshold=3))
    rules = VotingRules(support_threshold=5, closes_at=NOON + days(30))
    await spec.given(replace(rules_set(5), rules=rules))
    (item,) = await items(spec, type="CommunityRulesSet")
    assert item.changes == [
        Change(
            field="rules",
            before={"support_threshold": 3, "opens_at": None, "closes_at": None},
            after={"support_threshold": 5, "opens_at": None, "closes_at": "2026-06-03T12:00:00Z"},
        )
    ]


async def test_a_switch_shows_before_and_after(spec):
    """Pauses, withdrawals and their ends are changes from no to yes and back."""
    await spec.given(
        opened(),
        VotingPaused(community_id=COMMONS, reason="New rules.", occurred_at=NOON),
        VotingResumed(community_id=COMMONS, occurred_at=NOON),
        logged(),
        withdrawn(),
        reopened(),
    )
    on = Change(field="{}", before=False, after=True)
    for kind, field, change in (
        ("VotingPaused", "voting_paused", on),
        ("VotingResumed", "voting_paused", replace(on, before=True, after=False)),
        ("IdeaWithdrawn", "withdrawn", on),
        ("IdeaReopened", "withdrawn", replace(on, before=True, after=False)),
    ):
        (item,) = await items(spec, type=kind)
        assert item.changes == [replace(change, field=field)]


async def test_the_history_can_be_narrowed(spec):
    """By subject, actor, type and time, each by itself and together; until is the first moment left out."""
    await spec.given(opened(), logged(1, at=NOON), logged(2, at=NOON + days(1)))
    await spec.given(vote(7, at=NOON + days(2)), vote(7, idea=2, at=NOON + days(3)), actor=person_id(7))
    everything = [item.position for item in await items(spec)]
    first = everything[0]

    async def narrowed(**wanted: object) -> list[int]:
        return [item.position - first for item in await items(spec, **wanted)]

    assert await narrowed() == [0, 1, 2, 3, 4]
    assert await narrowed(subject=idea_id(1)) == [1, 3]
    assert await narrowed(actor=person_id(7)) == [3, 4]
    assert await narrowed(actor=AUTHOR) == [0, 1, 2]
    assert await narrowed(type="VoteCast") == [3, 4]
    assert await narrowed(since=NOON + days(1)) == [2, 3, 4]
    assert await narrowed(until=NOON + days(2)) == [0, 1, 2]
    assert await narrowed(
        subject=idea_id(1), actor=person_id(7), type="VoteCast", since=NOON, until=NOON + days(9)
    ) == [3]
    assert await narrowed(subject=idea_id(99)) == []
    assert await narrowed(type="NoSuchThing") == []


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_the_history_is_read_in_both_directions(spec, limit):
    """Pages of any size give all of it once, from either end, filtered or not."""
    await spec.given(opened(), logged(), *votes(5))
    forwards = await walk(spec, limit)
    assert forwards == sorted(set(forwards))
    assert len(forwards) == 7
    assert await walk(spec, limit, newest_first=True) == forwards[::-1]
    assert await walk(spec, limit, newest_first=True, type="VoteCast") == forwards[:1:-1]


async def test_a_page_of_history_is_bounded(spec):
    """A limit below one is one, and one beyond 200 is 200."""
    await spec.given(opened(), logged(), *votes(200))
    assert len(await items(spec, limit=0)) == 1
    assert len(await items(spec, limit=10_000)) == 200


@pytest.mark.parametrize(
    "cursor", ["nonsense", "!", encode_cursor("7"), encode_cursor(2**64 - 1), encode_cursor(NOON)]
)
async def test_a_made_up_cursor_of_the_history_is_refused(spec, cursor):
    """Whatever is no cursor of the history is refused in a sentence."""
    with pytest.raises(BadCursorError, match="begin again without it"):
        await told(spec, cursor=cursor)


async def test_votes_can_be_counted_as_they_stood(spec):
    """An idea's votes are known as of any position and as of any moment in the world."""
    last = await spec.given(
        opened(),
        logged(),
        vote(1, at=NOON + days(1)),
        vote(2, at=NOON + days(2)),
        vote_withdrawn(1, cast_at=NOON + days(1), at=NOON + days(3)),
        vote(1, at=NOON + days(4)),
        logged(2),
        vote(9, idea=2, at=NOON),
    )

    async def counted(*, position: int | None = None, moment: datetime | None = None) -> int:
        return await votes_as_of(spec.pool, idea_id(1), position=position, moment=moment)

    assert [await counted(position=last - before) for before in (7, 6, 5, 4, 3, 2, 0)] == [
        0,
        0,
        1,
        2,
        1,
        2,
        2,
    ]
    assert [await counted(moment=NOON + days(day)) for day in range(6)] == [0, 1, 2, 1, 2, 2]
    assert await counted() == 2
    assert await counted(position=last, moment=NOON + days(2)) == 2
    assert await votes_as_of(spec.pool, idea_id(99)) == 0
