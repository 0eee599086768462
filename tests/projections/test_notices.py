"""What happened that concerns somebody, or an organisation they act for."""

from typing import get_args

import pytest
from msgspec.structs import replace

from events.contracts import (
    EndpointPaused,
    EndpointRemoved,
    EndpointResumed,
    EndpointRevised,
    MandateMatched,
    OfferWithdrawn,
    PoolCancelled,
    PoolCommitted,
    PoolLapsed,
)
from projections.cursors import BadCursorError
from projections.language import ENGLISH, speaking
from projections.notices.kinds import IMPORTANT, NoticeKind
from projections.notices.queries import notices, notices_since, unread
from projections.notices.words import sentence
from tests.projections import endpoints
from tests.projections.examples import (
    AUTHOR,
    NOON,
    days,
    idea_id,
    logged,
    opened,
    organisation_id,
    person_id,
    pounds,
    registered,
    revised,
)
from tests.projections.funding import (
    MANDATE,
    POOL,
    need_added,
    offer_changes,
    offered,
    pledged,
    pool_opened,
    published,
)
from tests.pseudo import PSEUDO, english_in

pytestmark = pytest.mark.asyncio

FUNDER = organisation_id(2)
BEGUN = [
    opened(),
    logged(title="Orchard"),
    registered(1, name="Dale Trust"),
    registered(2, name="Fell Fund"),
    need_added(),
]
TOTAL = pounds(amount_minor=60_000)
OF_POOL = {"pool_id": POOL, "idea_id": idea_id(), "occurred_at": NOON}


async def told(spec, *recipients):
    """List what somebody is told, the first to happen first."""
    rows = await notices(spec.pool, recipients, limit=50)
    return [(one.kind, one.sentence) for one in reversed(rows.items)]


async def kinds(spec, *recipients):
    """List the kinds of what somebody is told, the first to happen first."""
    return [kind for kind, _ in await told(spec, *recipients)]


async def test_an_author_hears_of_an_offer_and_its_maker_of_the_answer(spec):
    """Each hears of what the other did, in words, and the organisation stands with it."""
    await spec.given(*BEGUN)
    await spec.given(offered(title="A rota"), actor=person_id(5))
    declined, revision, reserve, chosen, _ = offer_changes(1, 1)
    await spec.given(declined)
    await spec.given(revision, actor=person_id(5))
    await spec.given(reserve, chosen)
    assert await told(spec, AUTHOR) == [
        ("offer_made", "“Dale Trust” offers a part for your idea “Orchard”: A rota."),
        ("offer_revised", "An offer on your idea “Orchard” was changed: A rota."),
    ]
    assert await told(spec, organisation_id()) == [
        ("offer_declined", "“Orchard” does without your offer: A rota."),
        ("offer_in_reserve", "“Orchard” keeps your offer in reserve: A rota."),
        ("offer_accepted", "“Orchard” builds on your offer: A rota."),
    ]
    (first, *_) = reversed((await notices(spec.pool, [organisation_id()], limit=50)).items)
    assert (first.reason, first.for_organisation_name) == ("Not yet.", "Dale Trust")


async def test_a_persons_own_offer_is_answered_to_them(spec):
    """Without an organisation the person is told, and it says so of nobody else."""
    await spec.given(*BEGUN)
    await spec.given(offered(organisation_id=None), actor=person_id(5))
    await spec.given(offer_changes(1, 1)[0])
    (found,) = (await notices(spec.pool, [person_id(5)], limit=5)).items
    assert (found.kind, found.for_organisation) == ("offer_declined", None)


async def test_nobody_is_told_of_what_they_did(spec):
    """The author who delivers an offer tells its maker, the maker who takes it back tells the author."""
    await spec.given(*BEGUN)
    await spec.given(offered(), actor=AUTHOR)
    assert await kinds(spec, AUTHOR) == []
    await spec.given(*offer_changes(1, 1)[3:], actor=AUTHOR)
    assert await kinds(spec, AUTHOR) == []
    assert await kinds(spec, organisation_id()) == ["offer_accepted", "offer_delivered"]
    gone = OfferWithdrawn(
        offer_id=offered(2).offer_id,
        idea_id=idea_id(),
        withdrawn_by=person_id(5),
        reason="Moved.",
        occurred_at=NOON,
    )
    await spec.given(offered(2), gone, actor=person_id(5))
    assert await kinds(spec, AUTHOR) == ["offer_made", "offer_withdrawn"]


async def test_a_funder_hears_of_what_fits_and_of_what_was_pledged_in_its_name(spec):
    """A match is told to the mandate's organisation, and a standing pledge with the time until which it can be stopped."""
    until = NOON + days(1)
    match = MandateMatched(
        mandate_id=MANDATE,
        idea_id=idea_id(),
        organisation_id=FUNDER,
        revision=1,
        score=60,
        reasons=(),
        occurred_at=NOON,
    )
    await spec.given(*BEGUN, published(organisation_id=FUNDER, title="Care"), pool_opened())
    standing = pledged(
        organisation_id=FUNDER, made_by=None, mandate_id=MANDATE, vetoable_until=until, amount_minor=20_000
    )
    await spec.given(match, standing, actor=None)
    assert await told(spec, FUNDER) == [
        ("mandate_matched", "“Orchard” fits what you are open to fund under “Care”."),
        (
            "standing_pledge_made",
            "£200 were pledged to “Orchard” in your name, as “Care” says; you can still stop it.",
        ),
    ]
    assert (await notices(spec.pool, [FUNDER], limit=1)).items[0].until == until
    assert await told(spec, AUTHOR) == [("pledge_made", "“Fell Fund” pledged £200 to the pool of “Orchard”.")]


@pytest.mark.parametrize(
    "end",
    [
        PoolCommitted(**OF_POOL, resolution=(), resolved_total=TOTAL, committed_total=TOTAL),
        PoolLapsed(**OF_POOL, resolution=(), resolved_total=TOTAL),
        PoolCancelled(**OF_POOL, cancelled_by=person_id(9), reason="Merged."),
    ],
    ids=["committed", "lapsed", "cancelled"],
)
async def test_everybody_in_a_pool_hears_of_its_end(spec, end):
    """The author, who opened the pool, and every funder who pledged are told once each."""
    await spec.given(*BEGUN)
    pool = replace(pool_opened(), opened_by=person_id(7), organisation_id=organisation_id())
    await spec.given(
        pool,
        pledged(organisation_id=FUNDER),
        pledged(number=2, organisation_id=FUNDER),
        pledged(number=3, organisation_id=organisation_id()),
        actor=person_id(7),
    )
    assert await kinds(spec, organisation_id()) == ["pledge_made", "pledge_made"]
    await spec.given(end, actor=None)
    for recipient in (AUTHOR, organisation_id(), FUNDER):
        assert (await kinds(spec, recipient))[-1].startswith("pool_")
    assert len(await kinds(spec, FUNDER)) == 1


async def test_notices_come_page_by_page_and_are_counted(spec):
    """A person reads theirs and their organisations' together, the last first, and how many are new is known."""
    await spec.given(*BEGUN)
    await spec.given(*(offered(number) for number in range(1, 6)), actor=person_id(5))
    await spec.given(offer_changes(1, 1)[0], offer_changes(2, 1)[0])
    both = (AUTHOR, organisation_id())
    seen, cursor = [], None
    while True:
        page = await notices(spec.pool, both, limit=3, cursor=cursor)
        seen += page.items
        if (cursor := page.next_cursor) is None:
            break
    assert [one.kind for one in seen] == ["offer_declined"] * 2 + ["offer_made"] * 5
    assert await unread(spec.pool, both, seen[3].position) == 3
    assert await unread(spec.pool, both, seen[0].position) == 0
    with pytest.raises(BadCursorError):
        await notices(spec.pool, both, limit=1, cursor="nonsense")


async def test_notices_show_what_things_are_called_now(spec):
    """An idea that was revised since is named by its present title."""
    await spec.given(*BEGUN)
    await spec.given(offered(title="A rota"), actor=person_id(5))
    await spec.given(revised(title="Two orchards"))
    assert await told(spec, AUTHOR) == [
        ("offer_made", "“Dale Trust” offers a part for your idea “Two orchards”: A rota.")
    ]


@pytest.mark.parametrize("kind", get_args(NoticeKind))
async def test_a_notice_is_said_in_the_language_of_its_reader(kind):
    """Beside what things are called and amounts, no word of any kind of notice is left in English."""
    names = {"idea": "Orchard", "offer": "A rota", "mandate": "Food", "organisation": "Dale Trust"}
    with speaking(PSEUDO):
        said = sentence(kind, amount=TOTAL, host="hooks.example.org", **names)
    assert english_in(said) == []


async def test_what_is_worth_a_letter_is_read_in_order(spec):
    """Whoever passes notices on reads on after the last one, and meets the important kinds alone."""
    await spec.given(*BEGUN)
    await spec.given(*(offered(number) for number in (1, 2)), offer_changes(1, 1)[1], actor=person_id(5))
    async with spec.pool.acquire() as connection:
        first = (await notices_since(connection, (0, AUTHOR), IMPORTANT, limit=1))[ENGLISH]
        last = (first[0].position, first[0].recipient)
        rest = (await notices_since(connection, last, IMPORTANT, limit=10))[ENGLISH]
    assert [one.kind for one in (*first, *rest)] == ["offer_made", "offer_made"]


SECRET_URL = "https://rosa:word@Hooks.example.org:8443/impact?token=word"
OF_ENDPOINT = {"endpoint_id": endpoints.ENDPOINT_ID, "occurred_at": NOON}


def paused(cause="gone", after=7):
    """Pause the endpoint, as only its owner does with a name."""
    by = AUTHOR if cause == "asked" else None
    return EndpointPaused(**OF_ENDPOINT, cause=cause, after=after, paused_by=by)


@pytest.mark.parametrize(
    ("cause", "kind", "why"),
    [
        ("gone", "endpoint_gone", "it answered that it is gone (410)."),
        ("exhausted", "endpoint_exhausted", "an event could not be delivered in eight days."),
        ("receiver", "endpoint_stopped", "it asked to be sent nothing more."),
    ],
)
async def test_an_owner_hears_that_their_endpoint_was_paused(spec, cause, kind, why):
    """It says why, names no more of the address than the host, and from where everything is still to come."""
    await spec.given(endpoints.registered(url=SECRET_URL))
    await spec.given(paused(cause), actor=None)
    (found,) = (await notices(spec.pool, [AUTHOR], administered=[AUTHOR], limit=5)).items
    assert (found.kind, found.sentence) == (kind, f"Sending to hooks.example.org was paused: {why}")
    assert (found.endpoint_id, found.after, found.idea_id) == (endpoints.ENDPOINT_ID, 7, None)
    kept = [await spec.pool.fetch(f"SELECT * FROM notices.{table}") for table in ("endpoints", "pauses")]  # noqa: S608  # Our own names.
    assert "word" not in str(kept)


async def test_who_pauses_an_endpoint_need_not_be_told(spec):
    """A pause that somebody in charge asked for is no notice, whoever of them it was."""
    await spec.given(endpoints.registered())
    await spec.given(paused("asked"), actor=None)
    assert (await notices(spec.pool, [AUTHOR], administered=[AUTHOR], limit=5)).items == []


async def test_of_an_organisations_endpoint_its_administrators_alone_are_told(spec):
    """It is told to the organisation, and neither to whoever registered it nor to a member who does not administer it."""
    await spec.given(*BEGUN, endpoints.registered(organisation_id=FUNDER))
    await spec.given(paused(), actor=None)
    both = (AUTHOR, FUNDER)
    (found,) = (await notices(spec.pool, both, administered=both, limit=5)).items
    assert (found.recipient, found.for_organisation_name) == (FUNDER, "Fell Fund")
    assert (await notices(spec.pool, both, administered=[AUTHOR], limit=5)).items == []
    assert await unread(spec.pool, both, 0, administered=both) == 1
    assert await unread(spec.pool, both, 0, administered=[AUTHOR]) == 0


async def test_a_notice_of_a_pause_says_where_it_was_and_whether_it_is_over(spec):
    """An endpoint that moved and goes on was paused at its old address, and has nothing more to come."""
    moved = EndpointRevised(**OF_ENDPOINT, revised_by=AUTHOR, url="https://new.example.org/", types=("*",))
    await spec.given(endpoints.registered())
    await spec.given(paused(), actor=None)
    await spec.given(moved, EndpointResumed(**OF_ENDPOINT, resumed_by=AUTHOR, after=7))
    await spec.given(paused(after=9), actor=None)
    later, earlier = (await notices(spec.pool, [AUTHOR], administered=[AUTHOR], limit=5)).items
    assert ("new.example.org" in later.sentence, later.after) == (True, 9)
    assert ("hooks.example.org" in earlier.sentence, earlier.after) == (True, None)


async def test_notices_of_an_endpoint_that_was_removed_go_with_it(spec):
    """They would lead nowhere; what else concerns its owner stays, and nothing of its address is kept."""
    await spec.given(*BEGUN, endpoints.registered())
    await spec.given(offered(), actor=person_id(5))
    await spec.given(paused(), actor=None)
    await spec.given(EndpointRemoved(**OF_ENDPOINT, removed_by=AUTHOR))
    left = (await notices(spec.pool, [AUTHOR], administered=[AUTHOR], limit=5)).items
    assert [one.kind for one in left] == ["offer_made"]
    assert (
        await spec.pool.fetch("SELECT host FROM notices.endpoints UNION SELECT host FROM notices.pauses")
        == []
    )


async def test_an_address_that_was_erased_is_told_of_without_it(spec):
    """Its owner still hears that one of their endpoints was paused."""
    await spec.given(endpoints.registered(url=""))
    await spec.given(paused(), actor=None)
    (found,) = (await notices(spec.pool, [AUTHOR], administered=[AUTHOR], limit=5)).items
    assert found.sentence.startswith("Sending to one of your endpoints was paused")
