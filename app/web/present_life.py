"""From what is known of an idea's life to what the pages show of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date
from types import MappingProxyType
from uuid import UUID

from app.revisions import RevisionDifference, RevisionRow
from app.web.addresses import idea_href, needs_href, new_offer_href, parts_href, revisions_href
from app.web.idea_views import (
    CarePage,
    FieldDifference,
    NeedRow,
    NeedsPage,
    NeedView,
    PartsPage,
    PieceView,
    RevisionsPage,
    StageStep,
    Typed,
    VersionView,
)
from app.web.journey import Journey, journey
from app.web.need_kinds import kind_choices, kind_name
from app.web.offer_views import PartView
from app.web.present_offers import coverage_view, offer_lines, part_view
from app.web.stages import STEPS, stage_name
from app.web.typed_money import as_typed
from domain.needs import Need
from projections.amounts import money
from projections.codes import place_name, theme_name
from projections.coverage.queries import IdeaCoverage
from projections.idea_detail.queries import IdeaDetail, NeedDetail, NeedRows, StageRow
from projections.language import N_
from projections.language import gettext as _
from projections.stage import CLOSED, ENDS, LIVE, WITHDRAWN

FIELD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "title": N_("Title"),
        "problem": N_("What is wrong today"),
        "proposal": N_("What would help"),
        "beneficiaries": N_("Who it helps"),
        "themes": N_("Themes"),
        "places": N_("Places"),
        "ask": N_("What it asks for"),
    }
)
_REOPENING: Mapping[str, str] = MappingProxyType(
    {
        WITHDRAWN: N_("It was taken back. Opened again, it is where its votes, offers and pools put it."),
        CLOSED: N_("It was closed. Opened again, it is where its votes, offers and pools put it."),
        LIVE: N_("If the service is no more, open the idea again: others can take it up."),
    }
)


def need_view(need: NeedDetail, part: PartView | None = None) -> NeedView:
    """Show a need, and how it is covered where that is known."""
    glow, standing = (part.glow, part.standing) if part else ("unlit", _("Still needed"))
    return NeedView(
        need_id=need.need_id,
        title=need.title,
        kind_label=kind_name(need.kind),
        description=need.description,
        size=need.size,
        cost=need.cost,
        glow=glow,
        standing=standing,
    )


def stage_steps(rows: Sequence[StageRow], now: str) -> tuple[StageStep, ...]:
    """Show the stages an idea was in, the newest first; those that its way leads through are lit."""
    here = STEPS.index(now) if now in STEPS else -1
    return tuple(
        StageStep(
            name=stage_name(row.stage),
            glow="lit" if row.stage in STEPS and STEPS.index(row.stage) <= here else "unlit",
            since=row.since,
            until=row.until,
            reason=row.reason,
            said=row.said,
        )
        for row in rows
    )


def journey_of(rows: Sequence[StageRow], *, until: date) -> Journey | None:
    """Draw the stages an idea was in, the newest first in `rows`, as far as the day `until` (UTC)."""
    return journey([(row.stage, row.since.astimezone(UTC).date()) for row in reversed(rows)], until=until)


def needs_view(
    idea: IdeaDetail,
    rows: NeedRows,
    *,
    covered: IdeaCoverage | None = None,
    is_first: bool,
    typed: Typed | None = None,
    saved: bool = False,
) -> NeedsPage:
    """Show what an idea needs to those in charge of it, each part lit as far as it is covered."""
    parts = {need.need_id: part_view(need) for need in covered.needs} if covered else {}
    last = len(rows.items) - 1
    return NeedsPage(
        idea_id=idea.idea_id,
        title=idea.title,
        idea_href=idea_href(idea.idea_id),
        rows=tuple(
            NeedRow(
                need=need_view(need, parts.get(need.need_id)),
                is_first=is_first and number == 0,
                is_last=rows.next_cursor is None and number == last,
            )
            for number, need in enumerate(rows.items)
        ),
        kinds=kind_choices(),
        typed=typed or Typed(currency=idea.ask.currency if idea.ask else "GBP"),
        next_href=needs_href(idea.idea_id, cursor=rows.next_cursor) if rows.next_cursor else None,
        first_href=None if is_first else needs_href(idea.idea_id),
        saved=saved,
    )


def parts_view(
    idea: IdeaDetail,
    rows: NeedRows,
    covered: IdeaCoverage,
    names: Mapping[UUID, str],
    *,
    is_first: bool,
) -> PartsPage:
    """Show all that an idea needs to everybody, each part lit as far as it is covered."""
    shown = coverage_view(covered)
    parts = {part.need_id: part for part in shown.parts}
    return PartsPage(
        title=idea.title,
        idea_href=idea_href(idea.idea_id),
        coverage=shown,
        rows=tuple(need_view(need, parts.get(need.need_id)) for need in rows.items),
        offers=offer_lines(covered.offers, names) if is_first else (),
        offer_href=new_offer_href(idea.idea_id) if idea.stage not in ENDS and covered.needs else None,
        next_href=parts_href(idea.idea_id, cursor=rows.next_cursor) if rows.next_cursor else None,
        first_href=None if is_first else parts_href(idea.idea_id),
    )


def typed_of(need: Need) -> Typed:
    """Put what is said of a need into a form."""
    return Typed(
        kind=need.kind,
        title=need.title,
        description=need.description,
        size=need.size,
        amount=as_typed(need.cost),
        currency=need.cost.currency if need.cost else "GBP",
    )


def care_view(
    idea: IdeaDetail,
    *,
    is_author: bool,
    wrong: str | None = None,
    error: str | None = None,
    typed: str = "",
    note: str = "",
) -> CarePage:
    """Show what those in charge can do with an idea, where it is now."""
    is_open = idea.stage not in ENDS
    can_reopen = idea.stage in {CLOSED, LIVE} or (idea.stage == WITHDRAWN and is_author)
    return CarePage(
        idea_id=idea.idea_id,
        title=idea.title,
        idea_href=idea_href(idea.idea_id),
        stage_label=stage_name(idea.stage),
        service_link=idea.service_link,
        can_launch=is_open,
        can_withdraw=is_open and is_author,
        can_close=is_open,
        can_reopen=can_reopen,
        reopening=_(_REOPENING.get(idea.stage, "")),
        wrong=wrong,
        error=error,
        typed=typed,
        note=note,
    )


def revisions_view(
    idea: IdeaDetail,
    rows: Sequence[RevisionRow],
    difference: RevisionDifference | None,
    *,
    names: Mapping[UUID, str],
    is_sample: bool,
) -> RevisionsPage:
    """Show the versions of an idea's texts, the oldest first in `rows`, and what differs between two of them."""
    return RevisionsPage(
        title=idea.title,
        idea_href=idea_href(idea.idea_id),
        here=revisions_href(idea.idea_id),
        versions=tuple(
            VersionView(
                number=row.number,
                at=row.at,
                by=names.get(row.by) if row.by else None,
                reason=row.reason,
                changed=", ".join(_(FIELD_NAMES[name]).lower() for name in row.changed),
                href=revisions_href(idea.idea_id, older=row.number - 1, newer=row.number)
                if row.number > 1
                else None,
            )
            for row in reversed(rows)
        ),
        older=difference.from_.number if difference else None,
        newer=difference.to.number if difference else None,
        differences=_differences(difference) if difference else (),
        is_sample=is_sample,
    )


def _differences(difference: RevisionDifference) -> tuple[FieldDifference, ...]:
    told = [
        FieldDifference(
            name=_(FIELD_NAMES[text.field]),
            pieces=tuple(PieceView(kind=piece.kind, text=piece.text) for piece in text.pieces),
        )
        for text in difference.texts
    ]
    for codes in difference.codes:
        name_of = theme_name if codes.field == "themes" else place_name
        told.append(
            _replaced(
                codes.field,
                ", ".join(map(name_of, codes.removed)),
                ", ".join(map(name_of, codes.added)),
            )
        )
    if difference.ask:
        before, after = (money(ask) if ask else "" for ask in difference.ask)
        told.append(_replaced("ask", before, after))
    return tuple(told)


def _replaced(field: str, before: str, after: str) -> FieldDifference:
    pieces: list[PieceView] = []
    if before:
        pieces.append(PieceView(kind="removed", text=before))
    if before and after:
        pieces.append(PieceView(kind="same", text=" "))
    if after:
        pieces.append(PieceView(kind="added", text=after))
    return FieldDifference(name=_(FIELD_NAMES[field]), pieces=tuple(pieces))
