"""An offer is made for needs of an idea, by whoever runs the part; those who speak for the idea answer it."""

from datetime import date
from uuid import UUID

import pytest
from msgspec.structs import asdict, replace

from domain.offer import (
    OFFER,
    AcceptOffer,
    DeclineOffer,
    DeliverOffer,
    IdeaAtHand,
    IdeaTakesNoOffersError,
    MakeOffer,
    NeedNotThereError,
    NotForTheIdeaError,
    NotTheOfferersError,
    OfferedPart,
    OfferIsAcceptedError,
    OfferIsDeliveredError,
    OfferIsWithdrawnError,
    OfferMadeBeforeError,
    OfferNotChosenError,
    OfferUnknownError,
    ReviseOffer,
    WithdrawOffer,
)
from events.contracts import (
    Money,
    OfferAccepted,
    OfferDeclined,
    OfferDelivered,
    OfferMade,
    OfferRevised,
    OfferWithdrawn,
)
from tests.domain.cast import ADA, BEN, CAFE, CLEO, LATER, NOON
from tests.spec import given

BENCH = UUID("0190b000-0000-7000-8000-000000000030")
TOOLS, SPACE, GONE = (UUID(f"0190b000-0000-7000-8000-00000000004{n}") for n in (1, 2, 3))
DALE, MOOR = (UUID(f"0190b000-0000-7000-8000-00000000005{n}") for n in (1, 2))

PART = OfferedPart(
    needs=(TOOLS,),
    kind="software",
    title="A booking page for benches",
    description="A website on which people book an hour at a bench.",
    runs_at="Three libraries in Leeds",
    users="About 400 people a month",
    running_since=date(2023, 5, 1),
    cost_to_adapt=Money(amount_minor=250_000, currency="GBP"),
    weeks_to_adapt=6,
    licence="AGPL-3.0",
    links=("https://bench.example.org/",),
    service_name="Book a bench",
    service_fees="Free",
)
OTHER_PART = replace(PART, needs=(TOOLS, SPACE), title="A booking page and a room")
IDEA = IdeaAtHand(is_open=True, needs=frozenset({TOOLS, SPACE}), speakers=frozenset({ADA}))
ENDED = replace(IDEA, is_open=False)

MAKING = MakeOffer(offer_id=BENCH, idea_id=CAFE, person_id=BEN, part=PART, idea=IDEA, now=NOON)
MADE = OfferMade(offer_id=BENCH, idea_id=CAFE, made_by=BEN, **asdict(PART), occurred_at=NOON)
MADE_BY_DALE = replace(MADE, organisation_id=DALE)
REVISING = ReviseOffer(
    offer_id=BENCH, person_id=BEN, part=OTHER_PART, idea=IDEA, reason="A room too.", now=LATER
)
REVISED = OfferRevised(
    offer_id=BENCH, idea_id=CAFE, **asdict(OTHER_PART), reason="A room too.", occurred_at=LATER
)
ACCEPTING = AcceptOffer(offer_id=BENCH, person_id=ADA, idea=IDEA, now=LATER)
ACCEPTED = OfferAccepted(offer_id=BENCH, idea_id=CAFE, accepted_by=ADA, occurred_at=LATER)
RESERVING = replace(ACCEPTING, standing="reserve")
RESERVED = replace(ACCEPTED, standing="reserve")
DECLINING = DeclineOffer(offer_id=BENCH, person_id=ADA, idea=IDEA, reason="We have one.", now=LATER)
DECLINED = OfferDeclined(
    offer_id=BENCH, idea_id=CAFE, declined_by=ADA, reason="We have one.", occurred_at=LATER
)
WITHDRAWING = WithdrawOffer(offer_id=BENCH, person_id=BEN, reason="We moved.", now=LATER)
WITHDRAWN = OfferWithdrawn(
    offer_id=BENCH, idea_id=CAFE, withdrawn_by=BEN, reason="We moved.", occurred_at=LATER
)
DELIVERING = DeliverOffer(
    offer_id=BENCH, person_id=BEN, idea=IDEA, link="https://cafe.example.org/", note="In use.", now=LATER
)
DELIVERED = OfferDelivered(
    offer_id=BENCH,
    idea_id=CAFE,
    delivered_by=BEN,
    link="https://cafe.example.org/",
    note="In use.",
    occurred_at=LATER,
)


def test_an_offer_is_made():
    """Somebody offers a part with all that is to be known about it."""
    given(OFFER).when(MAKING).then(MADE)


def test_an_offer_is_made_for_an_organisation():
    """An offer of an organisation says for whom it was made, and by whom."""
    given(OFFER).when(replace(MAKING, organisation_id=DALE)).then(MADE_BY_DALE)


def test_making_an_offer_again_changes_nothing():
    """The same offer is there already, whatever has become of it; anybody else's claim to it is refused."""
    for history in ([MADE], [MADE, ACCEPTED], [MADE, DECLINED], [MADE, WITHDRAWN]):
        given(OFFER, *history).when(replace(MAKING, idea=ENDED)).then_nothing()
        given(OFFER, *history).when(replace(MAKING, person_id=CLEO)).then_refused(OfferMadeBeforeError)


def test_an_idea_that_ended_a_moment_ago_takes_no_offer():
    """Nothing can be offered, revised, accepted or delivered for an idea that was withdrawn or closed."""
    given(OFFER).when(replace(MAKING, idea=ENDED)).then_refused(IdeaTakesNoOffersError)
    given(OFFER, MADE).when(replace(REVISING, idea=ENDED)).then_refused(IdeaTakesNoOffersError)
    given(OFFER, MADE).when(replace(ACCEPTING, idea=ENDED)).then_refused(IdeaTakesNoOffersError)
    given(OFFER, MADE, ACCEPTED).when(replace(DELIVERING, idea=ENDED)).then_refused(IdeaTakesNoOffersError)


@pytest.mark.parametrize("needs", [(), (GONE,), (TOOLS, GONE)])
def test_an_offer_covers_needs_that_are_there(needs):
    """An offer names at least one need, and none that the idea does not have."""
    part = replace(PART, needs=needs)
    given(OFFER).when(replace(MAKING, part=part)).then_refused(NeedNotThereError)
    given(OFFER, MADE).when(replace(REVISING, part=part)).then_refused(NeedNotThereError)


def test_an_offer_whose_needs_are_all_gone_cannot_be_accepted():
    """One of its needs has to be there still; the others may have gone."""
    without = replace(IDEA, needs=frozenset({SPACE}))
    given(OFFER, MADE).when(replace(ACCEPTING, idea=without)).then_refused(NeedNotThereError)
    given(OFFER, MADE, REVISED).when(replace(ACCEPTING, idea=without)).then(ACCEPTED)


@pytest.mark.parametrize("command", [REVISING, ACCEPTING, DECLINING, WITHDRAWING, DELIVERING])
def test_nothing_can_be_done_to_an_offer_that_is_not_there(command):
    """Every command but making needs an offer."""
    given(OFFER).when(command).then_refused(OfferUnknownError)


@pytest.mark.parametrize("command", [REVISING, WITHDRAWING, DELIVERING])
def test_a_persons_offer_is_theirs(command):
    """Nobody else revises, withdraws or delivers what a person offered, whatever organisation they act for."""
    other = replace(command, person_id=CLEO, represents=DALE)
    given(OFFER, MADE).when(other).then_refused(NotTheOfferersError)


@pytest.mark.parametrize("command", [REVISING, WITHDRAWING, DELIVERING])
def test_an_organisations_offer_is_the_organisations(command):
    """Whoever may act for the organisation may, and whoever left it may not, even who made the offer."""
    history = [MADE_BY_DALE, ACCEPTED] if command is DELIVERING else [MADE_BY_DALE]
    colleague = replace(command, person_id=CLEO, represents=DALE)
    assert OFFER.decide(colleague, OFFER.fold(history))
    for gone in (command, replace(command, represents=MOOR)):
        given(OFFER, *history).when(gone).then_refused(NotTheOfferersError)


@pytest.mark.parametrize("command", [ACCEPTING, DECLINING])
def test_only_those_who_speak_for_the_idea_answer(command):
    """The maker of an offer neither accepts nor declines it; the author and the stewards do."""
    given(OFFER, MADE).when(replace(command, person_id=BEN)).then_refused(NotForTheIdeaError)
    steward = replace(command, person_id=CLEO, idea=replace(IDEA, speakers=frozenset({ADA, CLEO})))
    assert OFFER.decide(steward, OFFER.fold([MADE]))


def test_an_offer_is_revised_as_a_whole():
    """A revision carries all of the part as it is from now on."""
    given(OFFER, MADE).when(REVISING).then(REVISED)
    given(OFFER, MADE).when(replace(REVISING, part=PART)).then_nothing()


@pytest.mark.parametrize("field", [name for name in PART.__struct_fields__ if name != "needs"])
def test_any_fact_can_be_revised(field):
    """A change to any one of the facts is a revision."""
    empty = OfferedPart(needs=PART.needs, kind="other", title="", description="", service_url="-")
    value = getattr(empty, field) if getattr(PART, field) != getattr(empty, field) else "Something"
    part = replace(PART, **{field: value})
    given(OFFER, MADE).when(replace(REVISING, part=part)).then(replace(REVISED, **asdict(part)))


def test_what_was_accepted_or_taken_back_is_not_revised():
    """An accepted offer stays what was accepted; a withdrawn or delivered one is over."""
    for history, error in (
        ([ACCEPTED], OfferIsAcceptedError),
        ([WITHDRAWN], OfferIsWithdrawnError),
        ([ACCEPTED, DELIVERED], OfferIsDeliveredError),
    ):
        given(OFFER, MADE, *history).when(REVISING).then_refused(error)


def test_an_offer_is_accepted_and_its_standing_replaced():
    """An offer is chosen or kept in reserve, and can change from one to the other."""
    given(OFFER, MADE).when(ACCEPTING).then(ACCEPTED)
    given(OFFER, MADE).when(RESERVING).then(RESERVED)
    given(OFFER, MADE, RESERVED).when(ACCEPTING).then(ACCEPTED)
    given(OFFER, MADE, ACCEPTED).when(RESERVING).then(RESERVED)
    given(OFFER, MADE, ACCEPTED).when(ACCEPTING).then_nothing()


def test_a_declined_offer_is_revised_and_waits_again():
    """What was declined can be offered anew, and is then neither accepted nor declined."""
    given(OFFER, MADE, DECLINED).when(REVISING).then(REVISED)
    assert OFFER.fold([MADE, DECLINED, REVISED]) == OFFER.fold([MADE, REVISED])


def test_an_answer_can_be_changed():
    """What was declined can be accepted after all, and what was accepted declined."""
    given(OFFER, MADE, DECLINED).when(ACCEPTING).then(ACCEPTED)
    given(OFFER, MADE, ACCEPTED).when(DECLINING).then(DECLINED)
    given(OFFER, MADE, DECLINED).when(DECLINING).then_nothing()


def test_an_offer_can_be_declined_after_its_idea_ended():
    """Nobody is left waiting for an answer by an idea that is over."""
    given(OFFER, MADE).when(replace(DECLINING, idea=ENDED)).then(DECLINED)


def test_an_offer_is_taken_back():
    """An offer can be withdrawn at any time before it is delivered, once."""
    for history in ([], [ACCEPTED], [RESERVED], [DECLINED]):
        given(OFFER, MADE, *history).when(WITHDRAWING).then(WITHDRAWN)
    given(OFFER, MADE, WITHDRAWN).when(WITHDRAWING).then_nothing()
    given(OFFER, MADE, ACCEPTED, DELIVERED).when(WITHDRAWING).then_refused(OfferIsDeliveredError)


@pytest.mark.parametrize("command", [ACCEPTING, DECLINING, DELIVERING])
def test_what_was_taken_back_is_not_answered(command):
    """An offer that was withdrawn a moment ago can be neither accepted, declined nor delivered."""
    given(OFFER, MADE, ACCEPTED, WITHDRAWN).when(command).then_refused(OfferIsWithdrawnError)


def test_a_chosen_offer_is_delivered():
    """Those who made the offer or those who speak for the idea say that the part is there, once."""
    given(OFFER, MADE, ACCEPTED).when(DELIVERING).then(DELIVERED)
    given(OFFER, MADE, ACCEPTED).when(replace(DELIVERING, person_id=ADA)).then(
        replace(DELIVERED, delivered_by=ADA)
    )
    given(OFFER, MADE, ACCEPTED, DELIVERED).when(DELIVERING).then_nothing()
    for command in (ACCEPTING, RESERVING, DECLINING):
        given(OFFER, MADE, ACCEPTED, DELIVERED).when(command).then_refused(OfferIsDeliveredError)


def test_an_offer_that_is_not_built_on_is_not_delivered():
    """An offer that waits, is in reserve or was declined has nothing to deliver."""
    for history in ([], [RESERVED], [DECLINED]):
        given(OFFER, MADE, *history).when(DELIVERING).then_refused(OfferNotChosenError)
