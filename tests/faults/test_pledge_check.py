"""The check of the `pledges` campaign notices what it is there for."""

import pytest
from msgspec.structs import replace

from app.folding import Folded
from domain.pool import POOL
from events.envelope import RecordedEvent
from events.streams import new_id
from ops.faults.pledge_check import PledgeCheck
from ops.faults.pledge_outcomes import Outcome
from tests.domain.cast import LATER, NOON
from tests.domain.pools import BANK, OPENED, POOL_ID, TRUST, committed, pledge_id, pledged, pounds

MANDATE_ID = new_id()


def recorded(*events, first=1):
    """Record events of one stream, at positions from the first on."""
    found = [
        RecordedEvent(
            position=first + number,
            event_id=new_id(),
            stream="pool",
            version=number + 1,
            type=type(event).__name__,
            recorded_at=NOON,
            raw_metadata="{}",
            data=event,
        )
        for number, event in enumerate(events)
    ]
    return Folded(state=POOL.fold(list(events)), events=found)


def broken(outcomes, *events):
    """Check one pool, and name what is broken."""
    check = PledgeCheck()
    check.look(outcomes, {POOL_ID: recorded(*events)}, None, LATER)
    return {invariant.name.split()[0] for invariant in check.invariants() if invariant.broken}


def made(answer, *, number=1, since=1, until=2, amount=50, by=TRUST):
    """Say how a pledge was answered."""
    return Outcome(
        history=1,
        act="make",
        pool_id=POOL_ID,
        pledge_id=pledge_id(number),
        answer=answer,
        since=since,
        until=until,
        amount=amount,
        funder=by,
    )


def test_answers_of_the_stream_are_explained():
    """A pledge that came while it was waited for, one that was refused for the one before, and one told to try again."""
    outcomes = [
        made("done"),
        made("PledgedAlreadyError", number=2, since=1, until=2),
        made("busy", number=3),
    ]
    assert broken(outcomes, OPENED, pledged()) == set()


@pytest.mark.parametrize(
    "outcome",
    [
        made("done", number=2),
        made("done", amount=51),
        made("done", since=0, until=1),
        made("PledgedAlreadyError", number=2, since=0, until=1),
        made("PoolIsOverError", number=2),
    ],
)
def test_an_answer_that_no_order_explains_is_noticed(outcome):
    """A pledge that is not in the log, or came later, and a refusal for which there was no ground."""
    assert broken([outcome], OPENED, pledged()) == {"every"}


def test_an_error_of_ours_is_noticed():
    """Whatever nobody expects fails the campaign."""
    assert broken([made("failed")], OPENED) == {"nobody"}


def test_commitments_that_do_not_add_up_are_noticed():
    """A penny more than the resolved total, or an amount that the conditions do not allow."""
    right = committed((TRUST, 1, 50), (BANK, 2, 60))
    pledges = (pledged(), pledged(60, BANK, 2))
    assert broken([], OPENED, *pledges, right) == set()
    more = replace(right, committed_total=pounds(111))
    assert broken([], OPENED, *pledges, more) == {"commitments"}
    other = committed((TRUST, 1, 49), (BANK, 2, 60))
    assert broken([], OPENED, *pledges, other) == {"the"}
