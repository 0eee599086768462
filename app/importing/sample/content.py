"""The written part of the sample: ideas and authors, read from the TOML files beside this one."""

from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from events.codes.places import is_place
from events.codes.themes import is_theme

SOURCE_SYSTEM = "sample"
"""The `system` of every sample idea's source; its id there is the idea's key."""

SOURCE_COLLECTION = "open-impact"
"""The `collection` of every sample idea's source."""

Shape: TypeAlias = Literal["steady", "burst", "fading", "rising", "new"]
"""How support came: evenly; mostly after one moment; early; late; or lately, for an idea of the last days."""

Key: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Title: TypeAlias = Annotated[str, Meta(min_length=10, max_length=80)]
Text: TypeAlias = Annotated[str, Meta(min_length=60, max_length=600)]
Short: TypeAlias = Annotated[str, Meta(min_length=5, max_length=120)]
Reason: TypeAlias = Annotated[str, Meta(min_length=20, max_length=200)]
DaysAgo: TypeAlias = Annotated[float, Meta(gt=0, le=200)]
Pence: TypeAlias = Annotated[int, Meta(gt=0)]


class SampleContentError(ValueError):
    """The sample contradicts itself; the message says where."""


class SampleAuthor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented person who logs ideas and votes for those of others."""

    key: Key
    name: Short


class SampleTurn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The moment at which an author withdrew or reopened an idea, and why."""

    days_ago: DaysAgo
    reason: Reason


class SampleRevision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change that an author made later; what is None stayed as it was."""

    days_ago: DaysAgo
    reason: Reason
    title: Title | None = None
    problem: Text | None = None
    proposal: Text | None = None
    beneficiaries: Short | None = None
    ask: Pence | None = None


class SampleIdea(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An idea as it was first logged, what became of it, and the support that it has now.

    `ask` is in pence. `days_ago` counts back from the moment of writing. `votes` is the number that stands at the end,
    without those that were withdrawn.
    """

    key: Key
    title: Title
    problem: Text
    proposal: Text
    beneficiaries: Short
    themes: Annotated[tuple[str, ...], Meta(min_length=1, max_length=3)]
    places: Annotated[tuple[str, ...], Meta(min_length=1, max_length=2)]
    ask: Pence | None = None
    author: Key
    days_ago: DaysAgo
    votes: Annotated[int, Meta(ge=0)]
    shape: Shape
    revisions: tuple[SampleRevision, ...] = ()
    withdrawn: SampleTurn | None = None
    reopened: SampleTurn | None = None

    def revised(self, revision: SampleRevision) -> "SampleIdea":
        """Give the idea with a revision's texts and ask in place of its own."""
        changed = {
            name: value
            for name in ("title", "problem", "proposal", "beneficiaries", "ask")
            if (value := getattr(revision, name)) is not None
        }
        return msgspec.structs.replace(self, **changed)

    @property
    def open_spans(self) -> tuple[tuple[float, float], ...]:
        """When the idea was open for votes: pairs of days ago, from and to, oldest first."""
        first_end = self.withdrawn.days_ago if self.withdrawn else 0.0
        first = (self.days_ago, first_end)
        return (first, (self.reopened.days_ago, 0.0)) if self.reopened else (first,)


class SampleContent(msgspec.Struct, frozen=True, kw_only=True):
    """All of the sample but its votes: the ideas, their authors, and how many nameless supporters there are."""

    supporters: int
    authors: tuple[SampleAuthor, ...]
    ideas: tuple[SampleIdea, ...]

    @property
    def voter_keys(self) -> tuple[str, ...]:
        """Everybody who may vote: the authors by their keys, then `supporter-0001` and so on."""
        supporters = (f"supporter-{number:04}" for number in range(1, self.supporters + 1))
        return (*(author.key for author in self.authors), *supporters)


class _PeopleFile(msgspec.Struct, forbid_unknown_fields=True):
    supporters: Annotated[int, Meta(ge=1, le=100_000)]
    authors: tuple[SampleAuthor, ...]


class _IdeasFile(msgspec.Struct, forbid_unknown_fields=True):
    ideas: tuple[SampleIdea, ...]


def read_sample() -> SampleContent:
    """Read the sample's ideas and authors.

    Raises `SampleContentError` where they contradict each other or use a code that does not exist, and
    `msgspec.ValidationError` where a field is missing, unknown or out of its bounds.
    """
    here = files(__package__)
    people = msgspec.toml.decode(here.joinpath("people.toml").read_bytes(), type=_PeopleFile)
    idea_files = sorted(here.joinpath("ideas").iterdir(), key=lambda file: file.name)
    ideas = (msgspec.toml.decode(file.read_bytes(), type=_IdeasFile).ideas for file in idea_files)
    content = SampleContent(
        supporters=people.supporters,
        authors=people.authors,
        ideas=tuple(idea for of_file in ideas for idea in of_file),
    )
    for contradiction in _contradictions(content):
        raise SampleContentError(contradiction)
    return content


def _contradictions(content: SampleContent) -> Iterator[str]:
    """Find what cannot be true of the whole, one sentence each."""
    authors = {author.key for author in content.authors}
    for name, keys in (
        ("person", content.voter_keys),
        ("idea", [idea.key for idea in content.ideas]),
        ("title", [idea.title for idea in content.ideas]),
    ):
        for key, count in Counter(keys).items():
            if count > 1:
                yield f"The {name} {key!r} is there {count} times."
    for idea in content.ideas:
        if idea.author not in authors:
            yield f"The idea {idea.key!r} has an author {idea.author!r} who is not in people.toml."
        for kind, known, codes in (("theme", is_theme, idea.themes), ("place", is_place, idea.places)):
            for code in codes:
                if not known(code):
                    yield f"The idea {idea.key!r} has an unknown {kind} {code!r}."
        if not _in_order(idea):
            yield f"What became of the idea {idea.key!r} is not in the order of time."


def _in_order(idea: SampleIdea) -> bool:
    """Say whether the idea was logged first and its turns follow one another, with no revision while withdrawn."""
    turns = [turn.days_ago for turn in (idea.withdrawn, idea.reopened) if turn]
    revisions = [revision.days_ago for revision in idea.revisions]
    return (
        all(
            earlier > later
            for life in (turns, revisions)
            for earlier, later in pairwise([idea.days_ago, *life])
        )
        and not (idea.reopened and not idea.withdrawn)
        and all(any(start > days > end for start, end in idea.open_spans) for days in revisions)
    )
