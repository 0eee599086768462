"""A quarantine sets some people's votes aside, grows with its wave, and is lifted for good."""

from uuid import UUID

from domain.quarantine import (
    PEOPLE_MAX,
    QUARANTINE,
    Lifted,
    LiftQuarantine,
    NobodyNamedError,
    QuarantineUnknownError,
    ReasonMissingError,
    SetVotesAside,
)
from events.contracts import QuarantineExtended, QuarantineLifted, VotesQuarantined
from tests.domain.cast import ADA, BEN, CAFE, CLEO, LATER, NOON
from tests.spec import given

WAVE = UUID("0190b000-0000-7000-8000-000000000030")
REASON = "20 new accounts voted from one network within an hour."


def aside(*people: UUID, reason: str = REASON) -> SetVotesAside:
    """Say whose votes are to be set aside."""
    return SetVotesAside(
        quarantine_id=WAVE,
        people=people,
        signal="shared_network",
        reason=reason,
        idea_ids=(CAFE,),
        since=NOON,
        until=LATER,
        now=LATER,
    )


def raised(*people: UUID) -> VotesQuarantined:
    """Say whose votes were set aside."""
    return VotesQuarantined(
        quarantine_id=WAVE,
        people=people,
        signal="shared_network",
        reason=REASON,
        idea_ids=(CAFE,),
        since=NOON,
        until=LATER,
        occurred_at=LATER,
    )


def more(*people: UUID) -> QuarantineExtended:
    """Say who was found to be of the same wave."""
    return QuarantineExtended(quarantine_id=WAVE, people=people, until=LATER, occurred_at=LATER)


LIFT = LiftQuarantine(quarantine_id=WAVE, reason="It was an open day.", now=LATER)
LIFTED = QuarantineLifted(quarantine_id=WAVE, reason="It was an open day.", occurred_at=LATER)


def test_votes_are_set_aside():
    """The people of a wave are named once, in one event, with the reason."""
    given(QUARANTINE).when(aside(ADA, BEN, ADA)).then(raised(ADA, BEN))


def test_a_wave_that_grows_extends_its_quarantine():
    """Only people who are not named yet are added; when there is nobody new, nothing happens."""
    given(QUARANTINE, raised(ADA, BEN)).when(aside(BEN, CLEO)).then(more(CLEO))
    given(QUARANTINE, raised(ADA), more(BEN)).when(aside(ADA, BEN)).then_nothing()


def test_a_large_wave_is_named_in_several_events():
    """No event names more than a thousand people."""
    people = [UUID(int=number) for number in range(1, 2 * PEOPLE_MAX + 2)]
    given(QUARANTINE).when(aside(*people)).then(
        raised(*people[:PEOPLE_MAX]), more(*people[PEOPLE_MAX : 2 * PEOPLE_MAX]), more(people[-1])
    )


def test_somebody_must_be_named():
    """A quarantine of nobody is refused."""
    given(QUARANTINE).when(aside()).then_refused(NobodyNamedError)


def test_a_reason_must_be_given():
    """Neither setting aside nor lifting goes without a reason."""
    given(QUARANTINE).when(aside(ADA, reason=" ")).then_refused(ReasonMissingError)
    silent = LiftQuarantine(quarantine_id=WAVE, reason="", now=LATER)
    given(QUARANTINE, raised(ADA)).when(silent).then_refused(ReasonMissingError)


def test_a_quarantine_is_lifted():
    """Whoever looks into it lets the votes count again, and doing so twice changes nothing."""
    given(QUARANTINE, raised(ADA)).when(LIFT).then(LIFTED)
    given(QUARANTINE, raised(ADA), LIFTED).when(LIFT).then_nothing()


def test_what_was_lifted_stays_lifted():
    """No program sets up again what somebody has decided, not even for people who come later."""
    given(QUARANTINE, raised(ADA), LIFTED).when(aside(ADA, BEN)).then_nothing()
    given(QUARANTINE, raised(ADA), LIFTED, more(BEN)).then_state(Lifted())


def test_an_unknown_quarantine_cannot_be_lifted():
    """There must be something to lift."""
    given(QUARANTINE).when(LIFT).then_refused(QuarantineUnknownError)
