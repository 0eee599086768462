"""What the pictures of an idea and of a pool show, laid out in lines: plain data that a template turns into SVG."""

from collections.abc import Sequence

from msgspec import Struct

from app.funding.pool_view import PoolDetail
from app.importing.sample.content import SOURCE_SYSTEM as SAMPLE
from app.web.embedding.lines import Direction, about_as_wide, clean, direction_of, wrapped
from app.web.formats import count, day_in_words, support_words
from app.web.markdown import summary
from app.web.pool_bar import PoolBar, pool_bar
from app.web.pool_words import status_in_words
from app.web.stages import StageBulb, stage_bulbs, stage_name
from projections.codes import place_name
from projections.covered import Coverage
from projections.idea_detail.queries import IdeaDetail
from projections.language import N_, ngettext
from projections.language import gettext as _
from projections.stage import CLOSED, WITHDRAWN

WIDTH, IDEA_HEIGHT, POOL_HEIGHT = 480, 272, 288
INSET = 24
REMOVED = N_("The text of this idea was removed")
_ROOM = WIDTH - 2 * INSET
_TITLE_SIZE, _TEXT_SIZE = 24, 15
_STAGE_AT, _GAP = 190, 16
_PLACES_SIZE, _PLACES_LEAST = 14, 90
_TITLE_LINES = 3
_ROWS_BESIDE = {1: 3, 2: 2, 3: 0}
"""How many lines of the first sentence there is room for, by the lines of the title."""
_ENDED = {
    WITHDRAWN: N_("Withdrawn by its author."),
    CLOSED: N_("This idea was closed."),
}


class Lines(Struct, frozen=True, kw_only=True):
    """A text in lines, and the way it runs."""

    lines: Sequence[str]
    direction: Direction


class IdeaPicture(Struct, frozen=True, kw_only=True):
    """An idea at a glance. `ended` says that it is no longer on its way, and then it has no bulbs and asks for nothing."""

    title: Lines
    summary: Lines
    bulbs: Sequence[StageBulb]
    stage: str
    votes: str
    votes_words: str
    needs: str
    places: str
    ended: str | None
    is_sample: bool
    said: str


class PoolPicture(Struct, frozen=True, kw_only=True):
    """A pool at a glance."""

    title: Lines
    status: Sequence[str]
    bar: PoolBar
    deadline: str
    is_sample: bool
    said: str


def idea_picture(idea: IdeaDetail, coverage: Coverage | None) -> IdeaPicture:
    """Lay out an idea: its title, its first sentence where there is room, and how far it is."""
    named = clean(idea.title) or _(REMOVED)
    title = _set(named, _TITLE_SIZE, _TITLE_LINES)
    ended = _(_ENDED[idea.stage]) if idea.stage in _ENDED else None
    stage = stage_name(idea.stage)
    votes, words = (count(idea.votes), support_words(idea.votes)) if idea.votes else ("", _("No support yet"))
    needs = "" if ended else _needs(coverage)
    said = [f"{named}.", ended or _("Stage: %(stage)s.", stage=stage), f"{votes} {words}.".lstrip()]
    return IdeaPicture(
        title=title,
        summary=_set(
            summary(idea.problem or idea.proposal), _TEXT_SIZE, _ROWS_BESIDE.get(len(title.lines), 3)
        ),
        bulbs=() if ended else stage_bulbs(idea.stage),
        stage=stage,
        votes=votes,
        votes_words=words,
        needs=needs,
        places=_places(idea.places, stage),
        ended=ended,
        is_sample=_is_sample(idea),
        said=" ".join([*said, f"{needs}."] if needs else said),
    )


def pool_picture(pool: PoolDetail, idea: IdeaDetail | None) -> PoolPicture:
    """Lay out a pool: what it is for, where it stands, and its bar."""
    title = clean(idea.title if idea else "") or _(REMOVED)
    status = status_in_words(pool)
    ends = _("Open until %(day)s", day=day_in_words(pool.deadline)) if pool.status == "open" else ""
    return PoolPicture(
        title=_set(title, _TITLE_SIZE - 2, 2),
        status=wrapped(status, _ROOM, 2, about_as_wide(_TEXT_SIZE)),
        bar=pool_bar(pool),
        deadline=ends,
        is_sample=idea is not None and _is_sample(idea),
        said=f"{_('The pool for %(idea)s', idea=title)}. {status}" + (f" {ends}." if ends else ""),
    )


def _needs(coverage: Coverage | None) -> str:
    if coverage is None or not coverage.needs:
        return ""
    lacking = coverage.needs - coverage.covered
    if not lacking:
        return _("Every part it needs is covered")
    return ngettext(
        "%(lacking)s of %(count)s part still needed",
        "%(lacking)s of %(count)s parts still needed",
        coverage.needs,
        lacking=lacking,
    )


def _places(codes: Sequence[str], stage: str) -> str:
    """Name the places behind the stage, as far as there is room; nothing where there is hardly any."""
    room = _ROOM - _STAGE_AT - about_as_wide(_TEXT_SIZE, bold=True)(stage) - _GAP
    if room < _PLACES_LEAST:
        return ""
    return next(iter(wrapped(", ".join(map(place_name, codes)), room, 1, about_as_wide(_PLACES_SIZE))), "")


def _set(text: str, size: float, most: int) -> Lines:
    lines = wrapped(text, _ROOM, most, about_as_wide(size, bold=size > _TEXT_SIZE)) if most else ()
    return Lines(lines=lines, direction=direction_of(text))


def _is_sample(idea: IdeaDetail) -> bool:
    return idea.source is not None and idea.source.system == SAMPLE
