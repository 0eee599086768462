"""Examples of the page of a pool, all of them invented."""

from datetime import timedelta

from app.web.addresses import idea_href, organisation_href, pool_href
from app.web.embedding.sharing import pool_sharing
from app.web.pool_bar import BarMark, BarPart, PoolBar
from app.web.pool_views import (
    FunderChoice,
    NewPoolPage,
    PledgeLine,
    PoolCare,
    PoolPage,
    PreviewView,
    WithChoice,
)
from events.contracts.base import Money
from projections.pools.queries import MilestoneRow
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid
from tests.web.then_examples import then

HOSTILE = f"{SCRIPT} {LONG_WORD}"
BAR = PoolBar(
    parts=[
        BarPart(x=0, width=180, shade=0),
        BarPart(x=180, width=120, shade=1),
        BarPart(x=300, width=60, shade=2),
        BarPart(x=360, width=40, shade=3),
        BarPart(x=400, width=200, shade=0, held=True),
    ],
    marks=[BarMark(x=432, letter="M"), BarMark(x=662, letter="T"), BarMark(x=720, letter="C")],
)


def pounds(amount: int) -> Money:
    """Give so many minor units."""
    return Money(amount_minor=amount, currency="GBP")


def line(number: int, name: str, holds: int, amount: int, **changes) -> PledgeLine:
    """Make a pledge."""
    usual = {
        "pledge_id": uuid(700 + number),
        "organisation": name,
        "organisation_href": organisation_href(uuid(900 + number)),
        "amount": pounds(amount),
        "holds": pounds(holds),
        "is_whole": holds == amount,
        "is_in_kind": False,
        "description": "",
        "conditions": (),
        "needs": (),
        "money": "promised",
        "released": pounds(0),
        "document": None,
        "is_ours": False,
    }
    return PledgeLine(**{**usual, **changes})


PLEDGES = (
    line(1, "Dale Transport Trust", 500_000, 500_000),
    line(
        2,
        "Fell Community Bank",
        0,
        600_000,
        conditions=("Only if the pool comes to £15,000 or more in all.", "At most 50% of the whole."),
        needs=("Needs £4,000 more from others.", "Needs 1 more funder."),
        is_ours=True,
    ),
    line(3, "County Council", 40_000, 40_000, is_in_kind=True, description="The village hall on Mondays."),
    line(4, "Rivers Fund", 90_000, 90_000, by_mandate=True, vetoable_until=START + timedelta(hours=24)),
)


def page(**changes) -> PoolPage:
    """Make the page of an open pool as a stranger sees it."""
    usual = {
        "pool_id": uuid(600),
        "href": pool_href(uuid(600)),
        "json_href": f"/api/v1/pools/{uuid(600)}",
        "idea_href": idea_href(uuid(1)),
        "idea_title": "A shared minibus for three villages",
        "status": "open",
        "status_sentence": "£6,300 has come together so far; £12,100 more would reach the target.",
        "minimum": pounds(1_200_000),
        "target": pounds(1_840_000),
        "ceiling": pounds(2_000_000),
        "total": pounds(630_000),
        "deadline": START + timedelta(days=120),
        "counts_in_kind": True,
        "reason": "",
        "bar": BAR,
        "pledges": PLEDGES,
        "sign": "£",
        "milestones": (),
        "sharing": pool_sharing("http://open-impact.test", uuid(600), "A shared minibus for three villages"),
    }
    return PoolPage(**{**usual, **changes})


FUNDERS = (
    FunderChoice(organisation_id=uuid(902), name="Fell Community Bank", selected=True),
    FunderChoice(organisation_id=uuid(905), name="Another Trust", selected=False),
)
WAITS = (WithChoice(organisation_id=uuid(901), name="Dale Transport Trust", chosen=True),)
MILESTONES = (
    MilestoneRow(
        milestone_id=uuid(801),
        title="The bus is bought",
        amount=pounds(1_000_000),
        planned_at=START,
        reached_at=START + timedelta(days=3),
        link="https://example.org/bus",
        note="",
        released_at=None,
        parts=[],
    ),
)

PLANNED = MilestoneRow(
    milestone_id=uuid(802),
    title=HOSTILE,
    amount=pounds(400_000),
    planned_at=START,
    reached_at=None,
    link=None,
    note="",
    released_at=None,
    parts=[],
)
PAID = MilestoneRow(
    milestone_id=uuid(803),
    title="The garage is rented",
    amount=pounds(40_000),
    planned_at=START,
    reached_at=START + timedelta(days=1),
    link=None,
    note="The keys are at the village hall.",
    released_at=START + timedelta(days=2),
    parts=[],
)
TERMS = {
    "revise-minimum": "12000",
    "revise-target": "18400",
    "revise-ceiling": "20000",
    "revise-deadline": "2027-03-31",
    "revise-counts_in_kind": "on",
}


def committed(**changes) -> PoolPage:
    """Make the page of a committed pool whose money is there, as those in charge see it."""
    usual = {
        "status": "committed",
        "status_sentence": "£18,400 is committed. The pool closed when it reached its target.",
        "pledges": (
            line(1, "Dale Transport Trust", 1_840_000, 1_840_000, money="confirmed: the money is there"),
        ),
        "milestones": (PAID, *MILESTONES, PLANNED),
    }
    return page(**{**usual, **changes})


POOL_PAGES = {
    "pool": ("pool.html", page()),
    "pool-empty": (
        "pool.html",
        page(pledges=(), bar=PoolBar(parts=[], marks=BAR.marks), ceiling=None, total=pounds(0)),
    ),
    "pool-then": ("pool.html", page(then=then(pool_href(uuid(600)), "pool"))),
    "pool-form": ("pool.html", page(funders=FUNDERS, waits=WAITS, said="Your pledge is made.")),
    "pool-wrong": (
        "pool.html",
        page(
            funders=FUNDERS,
            waits=WAITS,
            typed={"amount": "lots", "min_total": "9", "match_cap": "12,000", "description": HOSTILE},
            ticked=("min_total", "match"),
            errors={
                "amount": "Give an amount such as 5,000 or 5,000.50.",
                "match_ratio": "Fill this in, or take the tick away.",
            },
        ),
    ),
    "pool-refused": ("pool.html", page(funders=FUNDERS, error="A pledge waits for other funders by name.")),
    "pool-preview": (
        "pool.html",
        page(
            funders=FUNDERS,
            pledges=(*PLEDGES, line(9, "Another Trust", 400_000, 400_000, is_ours=True, is_new=True)),
            typed={"amount": "4,000", "other_funders": "2", "min_total": "15,000"},
            ticked=("other_funders", "min_total"),
            preview=PreviewView(
                promise=[
                    "Another Trust gives £4,000, if at least 2 other funders join and Dale Transport Trust gives too.",
                    "At most 50% of the whole.",
                ],
                sentence="£4,000 of your £4,000 would hold now, and your yes unlocks £6,000 of others.",
                gains=["Fell Community Bank gives £6,000 more."],
                fields=[("organisation_id", str(uuid(905))), ("amount", "4,000")],
            ),
        ),
    ),
    "pool-committed": (
        "pool.html",
        page(
            status="committed",
            status_sentence="£18,400 is committed. The pool closed when it reached its target.",
            pledges=(
                line(
                    1,
                    "Dale Transport Trust",
                    900_000,
                    900_000,
                    money="confirmed: the money is there",
                    document="https://example.org/letter",
                ),
                line(2, "Fell Community Bank", 940_000, 999_000, is_ours=True, can_confirm=True),
            ),
            milestones=MILESTONES,
        ),
    ),
    "pool-in-charge": (
        "pool.html",
        page(
            pledges=(),
            is_sample=True,
            care=PoolCare(version=1, can_revise=True, can_cancel=True, typed=TERMS),
        ),
    ),
    "pool-in-charge-wrong": (
        "pool.html",
        page(
            care=PoolCare(
                version=1,
                can_revise=True,
                can_cancel=True,
                typed={**TERMS, "revise-minimum": HOSTILE, "cancel-reason": HOSTILE},
                errors={
                    "revise-minimum": "Give an amount such as 5,000 or 5,000.50.",
                    "cancel-sure": "Tick this box if you are sure.",
                },
            )
        ),
    ),
    "pool-paying": ("pool.html", committed(care=PoolCare(version=9, unplanned=pounds(400_000)))),
    "pool-paying-wrong": (
        "pool.html",
        committed(
            care=PoolCare(
                version=9,
                unplanned=pounds(400_000),
                typed={"plan-title": HOSTILE, "plan-amount": "lots", f"reached-{uuid(802)}-link": HOSTILE},
                errors={
                    "plan-amount": "Give an amount such as 5,000 or 5,000.50.",
                    f"reached-{uuid(802)}-link": "Give the address of a page that begins with https://.",
                    f"release-{uuid(801)}-sure": "Tick this box if you are sure.",
                },
            )
        ),
    ),
    "pool-waiting-for-money": (
        "pool.html",
        committed(
            care=PoolCare(version=9, unplanned=pounds(0), unconfirmed=("Fell Community Bank", HOSTILE))
        ),
    ),
    "pool-new": (
        "pool_new.html",
        NewPoolPage(
            href=f"/ideas/{uuid(1)}/pool",
            idea_href=idea_href(uuid(1)),
            idea_title="A shared minibus for three villages",
            funders=FUNDERS,
            currency="GBP",
        ),
    ),
    "pool-new-wrong": (
        "pool_new.html",
        NewPoolPage(
            href=f"/ideas/{uuid(1)}/pool",
            idea_href=idea_href(uuid(1)),
            idea_title=HOSTILE,
            funders=(),
            currency="GBP",
            typed={"minimum": HOSTILE},
            errors={"minimum": "Give an amount such as 5,000 or 5,000.50."},
        ),
    ),
    "pool-hostile": (
        "pool.html",
        page(
            idea_title=HOSTILE,
            status="cancelled",
            status_sentence="It was called off, and nobody owes anything.",
            reason=HOSTILE,
            pledges=(line(1, HOSTILE, 5, 5, description=HOSTILE, conditions=(HOSTILE,), needs=(HOSTILE,)),),
        ),
    ),
}
"""The page of a pool, in every state."""
