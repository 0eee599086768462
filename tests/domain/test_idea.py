"""An idea is logged by its author, who alone revises, withdraws and reopens it."""

import pytest
from msgspec.structs import asdict, replace

from domain.idea import (
    IDEA,
    Closed,
    ClosedByStewardError,
    CloseIdea,
    IdeaIsClosedError,
    IdeaIsWithdrawnError,
    IdeaLoggedBeforeError,
    IdeaUnknownError,
    LaunchService,
    LogIdea,
    NotInChargeError,
    NotLogged,
    NotTheAuthorError,
    Open,
    ReopenIdea,
    ReviseIdea,
    WithdrawIdea,
    Withdrawn,
    current,
)
from events.contracts import IdeaClosed, IdeaReopened, IdeaRevised, IdeaWithdrawn, ServiceLaunched, Source
from tests.domain.cast import ADA, BEN, CAFE, COMMONS, LATER, LOGGED, NOON, OTHER_TEXTS, TEXTS
from tests.spec import given

LOGGING = LogIdea(idea_id=CAFE, community_id=COMMONS, author_id=ADA, texts=TEXTS, now=NOON)
REVISING = ReviseIdea(idea_id=CAFE, person_id=ADA, texts=OTHER_TEXTS, reason="Clearer.", now=LATER)
WITHDRAWING = WithdrawIdea(idea_id=CAFE, person_id=ADA, reason="Done elsewhere.", now=LATER)
REOPENING = ReopenIdea(idea_id=CAFE, person_id=ADA, reason="Wanted.", now=LATER)
CLOSING = CloseIdea(idea_id=CAFE, person_id=ADA, is_steward=False, reason="It does not work.", now=LATER)
LAUNCHING = LaunchService(
    idea_id=CAFE, person_id=ADA, is_steward=False, link="https://cafe.example.org/", note="Open.", now=LATER
)
WITHDRAWN = IdeaWithdrawn(idea_id=CAFE, reason="Done elsewhere.", occurred_at=LATER)
REVISED = IdeaRevised(idea_id=CAFE, **asdict(OTHER_TEXTS), reason="Clearer.", occurred_at=LATER)
REOPENED = IdeaReopened(idea_id=CAFE, reason="Wanted.", occurred_at=LATER)
CLOSED = IdeaClosed(idea_id=CAFE, closed_by=ADA, reason="It does not work.", occurred_at=LATER)
LAUNCHED = ServiceLaunched(
    idea_id=CAFE, launched_by=ADA, link="https://cafe.example.org/", note="Open.", occurred_at=LATER
)
OPEN = Open(idea_id=CAFE, community_id=COMMONS, author_id=ADA, texts=TEXTS)


def test_an_idea_is_logged():
    """An author logs an idea with all its texts."""
    given(IDEA).when(LOGGING).then(LOGGED)


def test_an_imported_idea_says_where_it_comes_from():
    """The source of an imported idea is on record."""
    source = Source(system="pabulib", collection="Sample", id="17")
    given(IDEA).when(replace(LOGGING, source=source)).then(replace(LOGGED, source=source))


def test_logging_an_idea_again_changes_nothing():
    """The same author's idea is there already, whatever its texts say by now, withdrawn or not."""
    given(IDEA, LOGGED).when(LOGGING).then_nothing()
    given(IDEA, LOGGED, REVISED).when(LOGGING).then_nothing()
    given(IDEA, LOGGED, WITHDRAWN).when(LOGGING).then_nothing()


def test_nobody_takes_over_an_identifier():
    """An idea cannot be logged a second time by somebody else, withdrawn or not."""
    claim = replace(LOGGING, author_id=BEN)
    given(IDEA, LOGGED).when(claim).then_refused(IdeaLoggedBeforeError)
    given(IDEA, LOGGED, WITHDRAWN).when(claim).then_refused(IdeaLoggedBeforeError)


@pytest.mark.parametrize("command", [REVISING, WITHDRAWING, CLOSING, LAUNCHING, REOPENING])
def test_nothing_can_be_done_to_an_idea_that_is_not_there(command):
    """Every command but logging needs an idea."""
    given(IDEA).when(command).then_refused(IdeaUnknownError)


@pytest.mark.parametrize("command", [REVISING, WITHDRAWING])
def test_only_the_author_changes_an_idea(command):
    """Somebody else can neither revise nor withdraw an idea, open or not."""
    given(IDEA, LOGGED, CLOSED).when(replace(command, person_id=BEN)).then_refused(NotTheAuthorError)
    given(IDEA, LOGGED).when(replace(command, person_id=BEN)).then_refused(NotTheAuthorError)
    given(IDEA, LOGGED, WITHDRAWN).when(replace(command, person_id=BEN)).then_refused(NotTheAuthorError)


def test_an_idea_is_revised_as_a_whole():
    """A revision carries all texts as they are from now on."""
    given(IDEA, LOGGED).when(REVISING).then(REVISED)
    given(IDEA, LOGGED, REVISED).then_state(replace(OPEN, texts=OTHER_TEXTS))


@pytest.mark.parametrize("field", TEXTS.__struct_fields__)
def test_any_text_can_be_revised(field):
    """A change to any one of the texts is a revision."""
    texts = replace(TEXTS, **{field: getattr(OTHER_TEXTS, field)})
    given(IDEA, LOGGED).when(replace(REVISING, texts=texts)).then(replace(REVISED, **asdict(texts)))


def test_the_same_texts_are_no_revision():
    """Texts that say what they said cause nothing."""
    given(IDEA, LOGGED).when(replace(REVISING, texts=TEXTS)).then_nothing()


def test_an_idea_is_withdrawn_and_reopened():
    """The author takes an idea back for a reason, and opens it again as it was."""
    given(IDEA, LOGGED).when(WITHDRAWING).then(WITHDRAWN)
    given(IDEA, LOGGED, WITHDRAWN).when(REOPENING).then(REOPENED)
    given(IDEA, LOGGED, REVISED, WITHDRAWN).then_state(Withdrawn(idea=replace(OPEN, texts=OTHER_TEXTS)))
    given(IDEA, LOGGED, REVISED, WITHDRAWN, REOPENED).then_state(replace(OPEN, texts=OTHER_TEXTS))


def test_withdrawing_and_reopening_twice_change_nothing():
    """What is withdrawn needs no withdrawing, what is open no opening."""
    given(IDEA, LOGGED, WITHDRAWN).when(WITHDRAWING).then_nothing()
    given(IDEA, LOGGED).when(REOPENING).then_nothing()


def test_a_withdrawn_idea_cannot_be_revised():
    """A withdrawn idea must be reopened before its texts change."""
    given(IDEA, LOGGED, WITHDRAWN).when(REVISING).then_refused(IdeaIsWithdrawnError)
    given(IDEA, LOGGED, WITHDRAWN, REOPENED).when(REVISING).then(REVISED)


def test_an_idea_begins_as_none():
    """Before it is logged there is no idea; logged, it is as its author wrote it."""
    given(IDEA).then_state(NotLogged())
    given(IDEA, LOGGED).then_state(OPEN)


@pytest.mark.parametrize("command", [CLOSING, LAUNCHING, REOPENING])
def test_only_those_in_charge_end_an_idea_and_take_its_end_back(command):
    """A stranger can neither close nor launch nor reopen an idea; a steward of its community can."""
    stranger = replace(command, person_id=BEN)
    given(IDEA, LOGGED).when(stranger).then_refused(NotInChargeError)
    given(IDEA, LOGGED, CLOSED).when(stranger).then_refused(NotInChargeError)
    given(IDEA, LOGGED, LAUNCHED).when(stranger).then_refused(NotInChargeError)
    if command is not REOPENING:
        given(IDEA, LOGGED, WITHDRAWN).when(stranger).then_refused(NotInChargeError)


def test_an_idea_is_closed_for_a_reason():
    """The author or a steward brings an idea to an end; closed, it is neither revised, withdrawn nor launched."""
    given(IDEA, LOGGED).when(CLOSING).then(CLOSED)
    by_steward = replace(CLOSING, person_id=BEN, is_steward=True)
    given(IDEA, LOGGED).when(by_steward).then(replace(CLOSED, closed_by=BEN))
    given(IDEA, LOGGED, CLOSED).then_state(Closed(idea=OPEN, closed_by=ADA))
    given(IDEA, LOGGED, CLOSED).when(by_steward).then_nothing()
    for command in (REVISING, WITHDRAWING, LAUNCHING):
        given(IDEA, LOGGED, CLOSED).when(command).then_refused(IdeaIsClosedError)
    given(IDEA, LOGGED, CLOSED).when(LOGGING).then_nothing()


def test_a_withdrawn_idea_is_neither_closed_nor_launched():
    """What its author took back comes to no other end."""
    for command in (CLOSING, LAUNCHING):
        given(IDEA, LOGGED, WITHDRAWN).when(command).then_refused(IdeaIsWithdrawnError)


def test_a_service_is_launched_with_a_link():
    """Launched, an idea says where its service is; it can move, and the same address is no launch."""
    given(IDEA, LOGGED).when(LAUNCHING).then(LAUNCHED)
    given(IDEA, LOGGED, LAUNCHED).then_state(replace(OPEN, link=LAUNCHING.link))
    given(IDEA, LOGGED, LAUNCHED).when(LAUNCHING).then_nothing()
    moved = replace(LAUNCHING, link="https://new.example.org/")
    given(IDEA, LOGGED, LAUNCHED).when(moved).then(replace(LAUNCHED, link="https://new.example.org/"))


def test_reopening_takes_back_every_end():
    """A closed idea and a service that is no more are open again, and nothing of either end is left."""
    given(IDEA, LOGGED, CLOSED).when(REOPENING).then(REOPENED)
    given(IDEA, LOGGED, LAUNCHED).when(REOPENING).then(REOPENED)
    given(IDEA, LOGGED, LAUNCHED, REOPENED).then_state(OPEN)
    given(IDEA, LOGGED, LAUNCHED, WITHDRAWN, REOPENED).then_state(OPEN)
    given(IDEA, LOGGED, LAUNCHED, WITHDRAWN, REOPENED).when(REOPENING).then_nothing()
    given(IDEA, LOGGED, LAUNCHED, CLOSED, REOPENED).then_state(OPEN)


def test_what_a_steward_closed_a_steward_reopens():
    """The author cannot undo what a steward of the community decided; another steward can."""
    closed = replace(CLOSED, closed_by=BEN)
    given(IDEA, LOGGED, closed).when(REOPENING).then_refused(ClosedByStewardError)
    given(IDEA, LOGGED, closed).when(replace(REOPENING, is_steward=True)).then(REOPENED)
    given(IDEA, LOGGED, CLOSED).when(replace(REOPENING, person_id=BEN, is_steward=True)).then(REOPENED)


def test_a_steward_does_not_reopen_what_its_author_took_back():
    """A withdrawn idea is its author's to open again."""
    steward = replace(REOPENING, person_id=BEN, is_steward=True)
    given(IDEA, LOGGED, WITHDRAWN).when(steward).then_refused(NotTheAuthorError)


def test_the_current_idea_is_known_however_it_ended():
    """Open, withdrawn or closed, an idea is what it was last."""
    for events in ((LOGGED,), (LOGGED, WITHDRAWN), (LOGGED, CLOSED)):
        assert current(IDEA.fold(events)) == OPEN
    with pytest.raises(IdeaUnknownError):
        current(NotLogged())
