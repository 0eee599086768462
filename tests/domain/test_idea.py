"""An idea is logged by its author, who alone revises, withdraws and reopens it."""

import pytest
from msgspec.structs import asdict, replace

from domain.idea import (
    IDEA,
    IdeaIsWithdrawnError,
    IdeaLoggedBeforeError,
    IdeaUnknownError,
    LogIdea,
    NotLogged,
    NotTheAuthorError,
    Open,
    ReopenIdea,
    ReviseIdea,
    WithdrawIdea,
    Withdrawn,
)
from events.contracts import IdeaReopened, IdeaRevised, IdeaWithdrawn, Source
from tests.domain.cast import ADA, BEN, CAFE, COMMONS, LATER, LOGGED, NOON, OTHER_TEXTS, TEXTS
from tests.spec import given

LOGGING = LogIdea(idea_id=CAFE, community_id=COMMONS, author_id=ADA, texts=TEXTS, now=NOON)
REVISING = ReviseIdea(idea_id=CAFE, person_id=ADA, texts=OTHER_TEXTS, reason="Clearer.", now=LATER)
WITHDRAWING = WithdrawIdea(idea_id=CAFE, person_id=ADA, reason="Done elsewhere.", now=LATER)
REOPENING = ReopenIdea(idea_id=CAFE, person_id=ADA, reason="Wanted.", now=LATER)
WITHDRAWN = IdeaWithdrawn(idea_id=CAFE, reason="Done elsewhere.", occurred_at=LATER)
REVISED = IdeaRevised(idea_id=CAFE, **asdict(OTHER_TEXTS), reason="Clearer.", occurred_at=LATER)
REOPENED = IdeaReopened(idea_id=CAFE, reason="Wanted.", occurred_at=LATER)
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


@pytest.mark.parametrize("command", [REVISING, WITHDRAWING, REOPENING])
def test_nothing_can_be_done_to_an_idea_that_is_not_there(command):
    """Every command but logging needs an idea."""
    given(IDEA).when(command).then_refused(IdeaUnknownError)


@pytest.mark.parametrize("command", [REVISING, WITHDRAWING, REOPENING])
def test_only_the_author_changes_an_idea(command):
    """Somebody else can neither revise, withdraw nor reopen an idea, open or not."""
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
