"""From what the queries answer to what the pages show."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from app.importing.sample.content import SOURCE_SYSTEM as SAMPLE
from app.web.addresses import (
    board_href,
    care_href,
    community_href,
    fairness_href,
    history_href,
    idea_href,
    idea_json_href,
    needs_href,
    receipt_href,
    revisions_href,
    tally_href,
    votes_href,
)
from app.web.choices import (
    active_filters,
    needs_choices,
    place_choices,
    sort_choices,
    stage_choices,
    theme_choices,
)
from app.web.formats import day_in_words
from app.web.markdown import summary
from app.web.outlook import Outlook
from app.web.present_life import journey_of, stage_steps
from app.web.stages import stage_name
from app.web.views import (
    AsideView,
    BoardPage,
    BoardQuery,
    EmptyReason,
    IdeaCard,
    IdeaPage,
    Label,
    TimelineItem,
    VoteAct,
    VotesPage,
)
from events.codes import places, themes
from events.contracts import Source
from events.envelope import RecordedEvent
from projections.audit_history.words import sentence, why
from projections.codes import place_name, theme_name
from projections.fair_votes.queries import QuarantineRow, SetAside
from projections.idea_board.queries import BoardItem, BoardRows, BoardTotals
from projections.idea_detail.queries import DayOfVotes, IdeaDetail, StageRow
from projections.language import gettext as _
from projections.language import ngettext
from projections.stage import CLOSED, ENDS, WITHDRAWN

# The nations and the English regions: what a reader of this board looks for first.
_OFFERED_PLACES = ("GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS", *places.ENGLISH_REGIONS)


def board_view(
    query: BoardQuery,
    rows: BoardRows,
    *,
    totals: BoardTotals | None,
    community_name: str | None,
    is_first: bool,
    reader: UUID | None = None,
    voted: Collection[UUID] = (),
    outlooks: Mapping[UUID, Outlook],
) -> BoardPage:
    """Show a page of the board to a reader who supports some of its ideas, or to somebody who is not signed in.

    `outlooks` are what its ideas have in prospect. Totals are told only where nothing narrows it down.
    """
    is_whole = query == BoardQuery(sort=query.sort)
    return BoardPage(
        cards=tuple(
            replace(
                _card(item, outlooks[item.idea_id]), can=_can(item, reader, has_voted=item.idea_id in voted)
            )
            for item in rows.items
        ),
        total_label=ngettext("%(count)s idea", "%(count)s ideas", totals.ideas)
        if totals and is_whole and rows.items
        else None,
        query=query,
        filters=active_filters(
            query,
            theme_name=theme_name(query.theme) if query.theme else None,
            place_name=place_name(query.place) if query.place else None,
            community_name=community_name,
        ),
        theme_choices=theme_choices(query, _offered_themes(query.theme)),
        place_choices=place_choices(query, _offered_places(query.place)),
        stage_choices=stage_choices(query),
        needs_choices=needs_choices(query),
        sort_choices=sort_choices(query),
        next_href=board_href(query, cursor=rows.next_cursor) if rows.next_cursor else None,
        first_href=None if is_first else board_href(query),
        empty_reason=None if rows.items else _empty_reason(is_whole=is_whole and is_first),
        meant=rows.meant,
    )


def idea_view(
    idea: IdeaDetail,
    *,
    author_name: str | None,
    days: Sequence[DayOfVotes],
    events: Sequence[RecordedEvent],
    aside: Sequence[SetAside] = (),
    set_aside: int = 0,
    has_voted: bool = False,
    reader: UUID | None = None,
    stages: Sequence[StageRow] = (),
    in_charge: bool = False,
    until: date,
) -> IdeaPage:
    """Show an idea to a reader, or to somebody who is not signed in; `events` are those of its own stream, oldest first.

    `aside` are quarantines that concern it, the newest first, and `set_aside` is how many of its votes they hold.
    `stages` are those it was in, the newest first, and `in_charge` says that the reader looks after it.
    `until` is the day on which it is shown, as far as which its way is drawn.
    """
    return IdeaPage(
        idea_id=idea.idea_id,
        title=idea.title,
        problem=idea.problem,
        proposal=idea.proposal,
        beneficiaries=idea.beneficiaries,
        author_name=author_name,
        logged_at=idea.logged_at,
        themes=tuple(map(theme_label, idea.themes)),
        places=tuple(map(place_label, idea.places)),
        community=Label(
            code=idea.community,
            name=idea.community_name,
            href=community_href(idea.community),
        ),
        ask=idea.ask,
        stage=idea.stage,
        stage_label=stage_name(idea.stage),
        stage_reason=_("since %(day)s. %(reason)s", day=day_in_words(idea.since), reason=idea.stage_reason),
        votes=idea.votes,
        votes_by_day=tuple((day.day, day.votes) for day in days),
        source=None if _is_sample(idea.source) else idea.source,
        is_sample=_is_sample(idea.source),
        withdrawn_reason=(idea.withdrawn_reason or "") if idea.stage == WITHDRAWN else None,
        timeline=tuple(_told(event, idea.title) for event in reversed(events)),
        history_href=history_href(idea.idea_id),
        json_href=idea_json_href(idea.idea_id),
        verified_votes=idea.verified_votes,
        set_aside=set_aside,
        set_aside_reason=next((one.reason for one in aside if one.votes and one.lifted_at is None), None),
        votes_href=votes_href(idea.idea_id),
        fairness_href=fairness_href(idea.community),
        receipt_href=receipt_href(idea.idea_id) if has_voted else None,
        can=_can(idea, reader, has_voted=has_voted),
        closed_reason=(idea.closed_reason or "") if idea.stage == CLOSED else None,
        service_link=idea.service_link,
        needs_href=needs_href(idea.idea_id) if in_charge and idea.stage not in ENDS else None,
        stages=stage_steps(stages, idea.stage),
        journey=journey_of(stages, until=until),
        revisions_href=revisions_href(idea.idea_id),
        care_href=care_href(idea.idea_id) if in_charge else None,
    )


def _can(idea: IdeaDetail | BoardItem, reader: UUID | None, *, has_voted: bool) -> VoteAct | None:
    if has_voted:
        return "withdraw"
    if idea.stage in ENDS or reader == idea.author_id:
        return None
    return "support" if reader else "sign_in"


def votes_view(
    idea: IdeaDetail,
    *,
    set_aside: int,
    aside: Sequence[tuple[QuarantineRow, int]],
    receipt: str | None,
) -> VotesPage:
    """Show how an idea's votes count; each quarantine comes with the number of this idea's votes that it holds."""
    return VotesPage(
        title=idea.title,
        idea_href=idea_href(idea.idea_id),
        votes=idea.votes,
        verified_votes=idea.verified_votes,
        set_aside=set_aside,
        aside=tuple(aside_view(row, votes) for row, votes in aside),
        fairness_href=fairness_href(idea.community),
        tally_href=tally_href(idea.idea_id),
        receipt_href=receipt_href(idea.idea_id) if receipt else None,
        receipt=receipt,
        is_sample=_is_sample(idea.source),
    )


def aside_view(row: QuarantineRow, votes: int) -> AsideView:
    """Show a quarantine, with the number of votes it holds of what the page is about."""
    return AsideView(
        people=row.people,
        votes=votes,
        # What a person wrote stays as they wrote it.
        reason=row.reason if row.signal == "by_hand" else _(row.reason),
        raised_at=row.raised_at,
        position=row.position,
        lifted_at=row.lifted_at,
        lifted_reason=row.lifted_reason,
    )


def _card(item: BoardItem, outlook: Outlook) -> IdeaCard:
    return IdeaCard(
        idea_id=item.idea_id,
        title=item.title,
        summary=summary(item.problem or item.proposal),
        places=tuple(map(place_label, item.places)),
        themes=tuple(map(theme_label, item.themes)),
        stage=item.stage,
        stage_label=stage_name(item.stage),
        votes=item.votes,
        # A card has no room for its community; the idea's page names it.
        community=None,
        logged_at=item.logged_at,
        is_sample=_is_sample(item.source),
        withdrawn=item.stage in ENDS,
        ask=None if outlook.pool else item.ask,
        parts=outlook.parts,
        funding=outlook.funding,
    )


def _is_sample(source: Source | None) -> bool:
    return source is not None and source.system == SAMPLE


def theme_label(code: str) -> Label:
    """Show a theme as a tag that leads to the ideas with it."""
    return Label(code=code, name=theme_name(code), href=board_href(BoardQuery(theme=code)))


def place_label(code: str) -> Label:
    """Show a place as a tag that leads to the ideas about it."""
    return Label(code=code, name=place_name(code), href=board_href(BoardQuery(place=code)))


def _offered_themes(chosen: str | None) -> Iterable[Label]:
    """Offer the widest themes by name, then the goals, and whatever is chosen."""
    widest = [theme for theme in themes.THEMES.values() if theme.parent is None]
    goals = [theme.code for theme in widest if theme.code.startswith("SDG")]
    tags = sorted(
        (theme for theme in widest if theme.code not in goals), key=lambda theme: theme_name(theme.code)
    )
    return _with_chosen([*(theme.code for theme in tags), *goals], chosen, theme_label)


def _offered_places(chosen: str | None) -> Iterable[Label]:
    return _with_chosen(list(_OFFERED_PLACES), chosen, place_label)


def _with_chosen(codes: list[str], chosen: str | None, label: Callable[[str], Label]) -> Iterable[Label]:
    if chosen and chosen not in codes:
        codes = [chosen, *codes]
    return [label(code) for code in codes]


def _empty_reason(*, is_whole: bool) -> EmptyReason:
    return "nothing_yet" if is_whole else "no_match"


def _told(event: RecordedEvent, title: str) -> TimelineItem:
    return TimelineItem(
        when=event.data.occurred_at,
        sentence=sentence(event.data, title),
        why=why(event.data),
        position=event.position,
    )
