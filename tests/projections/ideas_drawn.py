"""What happens to ideas, what they need and what is offered to them, step by step, as the deciders let it through."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from domain.idea import (
    IDEA,
    Closed,
    CloseIdea,
    IdeaTexts,
    LaunchService,
    LogIdea,
    NotLogged,
    Open,
    ReopenIdea,
    ReviseIdea,
    WithdrawIdea,
    Withdrawn,
)
from domain.needs import NEEDS, AddNeed, Need, OrderNeeds, RemoveNeed, ReviseNeed
from domain.offer import (
    OFFER,
    Accepted,
    AcceptOffer,
    DeclineOffer,
    DeliverOffer,
    IdeaAtHand,
    MakeOffer,
    OfferedPart,
    ReviseOffer,
    WithdrawOffer,
)
from events.contracts import AnyEvent, Source
from events.streams import community_id
from tests.projections.deciding import Deciding, named
from tests.projections.examples import AUTHOR, idea_id, organisation_id, person_id, pounds

SLUGS = ("commons", "north")
KINDS_OF_IDEAS = ("log", "revise", "end", "close", "launch")
KINDS_OF_OFFERS = ("need", "change", "offer", "answer", "answer", "answer")


class _Offer(NamedTuple):
    offer_id: UUID
    made_by: UUID
    organisation_id: UUID | None


class Ideas:
    """Ideas, their needs and the offers to them; `which` and `chance` choose what of a kind happens."""

    def __init__(self, deciding: Deciding) -> None:
        self._deciding = deciding
        self._needs: dict[int, int] = {}  # How many each idea ever had.
        self._offers: dict[int, list[_Offer]] = {}

    def next(self, kind: str, idea: int, which: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        """Give the events of a step, or of what has to come before it."""
        state = self._deciding.state(IDEA, idea_id(idea))
        if isinstance(state, NotLogged):
            kind = "log"
        elif isinstance(state, Withdrawn | Closed) and chance % 3:
            kind = "end"
        match kind:
            case "need" | "change":
                return self._need(kind, idea, which, chance, at)
            case "offer" | "answer":
                return self._offer(kind, idea, which, chance, at)
        return self._deciding.wanted(IDEA, idea_id(idea), self._command(kind, idea, which, at))

    def _command(self, kind: str, idea: int, which: int, at: datetime) -> Any:
        facts: dict[str, Any] = {"idea_id": idea_id(idea), "now": at}
        by_author = {**facts, "person_id": AUTHOR}
        by_steward = {**facts, "person_id": person_id(which), "is_steward": True}
        state = self._deciding.state(IDEA, idea_id(idea))
        match kind:
            case "log":
                source = Source(system="Forum", collection="Wishes", id=str(idea)) if which == 1 else None
                return LogIdea(
                    **facts,
                    community_id=community_id(SLUGS[idea % 2]),
                    author_id=AUTHOR,
                    texts=_texts(f"Idea {idea}", which),
                    source=source,
                )
            case "revise":
                texts = _texts(f"Idea {idea}, again {which}", which)
                return ReviseIdea(**by_author, texts=texts, reason="Clearer."[: which * 8])
            case "end" if isinstance(state, Open):
                return WithdrawIdea(**by_author, reason="Done elsewhere.")
            case "end":
                return ReopenIdea(**{**by_steward, "person_id": AUTHOR}, reason="Needed after all.")
            case "close":
                return CloseIdea(**by_steward, reason="It does not work.")
            case _ if which:
                return LaunchService(**by_steward, link=f"https://service.example.org/{which}")
            case _:
                return ReopenIdea(**by_steward, reason="It is down.")

    def _need(self, kind: str, idea: int, which: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        stream = idea_id(idea)
        facts = {"idea_id": stream, "person_id": AUTHOR, "is_steward": False, "now": at}
        state = self._deciding.state(NEEDS, stream)
        if kind == "need" or not state.order:
            count = self._needs[idea] = self._needs.get(idea, 0) + 1
            command: Any = AddNeed(**facts, need_id=named("need", idea, count), need=_need(which))
        elif which in (0, 1):
            order = state.order[::-1] if which else (*state.order[1:], state.order[0])
            command = OrderNeeds(**facts, need_ids=order)
        elif which in (2, 3):
            chosen = state.order[chance % len(state.order)]
            command = ReviseNeed(**facts, need_id=chosen, need=_need(chance % 5))
        else:
            command = RemoveNeed(**facts, need_id=state.order[chance % len(state.order)], reason="Found.")
        return self._deciding.wanted(NEEDS, stream, command)

    def _offer(self, kind: str, idea: int, which: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        offers, facts = self._offers.setdefault(idea, []), self._at_hand(idea, chance)
        if not facts.needs:
            return self._need("need", idea, which, chance, at)
        if not offers or (kind == "offer" and len(offers) < 3):
            organisation = organisation_id(which) if which % 2 else None
            offer = _Offer(named("offer", idea, len(offers)), person_id(which), organisation)
            offers.append(offer)
            command: Any = MakeOffer(
                offer_id=offer.offer_id,
                idea_id=idea_id(idea),
                person_id=offer.made_by,
                organisation_id=organisation,
                part=_part(sorted(facts.needs)[: 1 + chance % 2], chance),
                idea=facts,
                now=at,
            )
        else:
            offer = offers[chance % len(offers)]
            state = self._deciding.state(OFFER, offer.offer_id)
            is_chosen = isinstance(state, Accepted) and state.standing == "chosen"
            if which < 3:
                which = 2 if is_chosen else min(which, 1)
            command = _answer(offer, facts, which, chance, at)
        return self._deciding.wanted(OFFER, offer.offer_id, command)

    def _at_hand(self, idea: int, chance: int) -> IdeaAtHand:
        """Tell how an idea is, or how it was a moment ago: what is decided on may have changed since."""
        state = self._deciding.state(NEEDS, idea_id(idea))
        is_late = chance % 7 == 0
        return IdeaAtHand(
            is_open=is_late or state.ended is None,
            needs=frozenset(state.order) | (state.removed if is_late else frozenset()),
            speakers=frozenset({AUTHOR}),
        )


def _answer(offer: _Offer, idea: IdeaAtHand, which: int, chance: int, at: datetime) -> Any:
    facts = {"offer_id": offer.offer_id, "now": at}
    by_idea = {**facts, "person_id": AUTHOR, "idea": idea}
    by_offerer = {**facts, "person_id": offer.made_by, "represents": offer.organisation_id}
    match which:
        case 0 | 1:
            return AcceptOffer(**by_idea, standing="chosen" if which else "reserve")
        case 2:
            return DeliverOffer(**by_idea, note="In use.", link="https://service.example.org/part")
        case 3:
            part = _part(sorted(idea.needs)[-2:], chance // 2)
            return ReviseOffer(**by_offerer, part=part, idea=idea, reason="Clearer.")
        case _ if chance % 2:
            return DeclineOffer(**by_idea, reason="Another.")
        case _:
            return WithdrawOffer(**by_offerer, reason="We moved.")


def _texts(title: str, which: int) -> IdeaTexts:
    return IdeaTexts(
        title=title,
        problem="Something is missing.",
        proposal="Put it there.",
        beneficiaries="Neighbours.",
        themes=("EN103", "HE205")[:which],
        places=("GB-LDS",)[:which],
        ask=pounds(amount_minor=which * 100) if which else None,
    )


def _need(which: int) -> Need:
    currency = "EUR" if which == 3 else "GBP"
    cost = pounds(amount_minor=which * 100, currency=currency) if which else None
    return Need(
        kind="people" if which % 2 else "service",
        title=f"Need {which}",
        description="On Mondays."[: which * 12],
        size="Two of them."[: which * 12],
        cost=cost,
    )


def _part(needs: Sequence[Any], chance: int) -> OfferedPart:
    plain = OfferedPart(
        needs=tuple(needs), kind="service", title=f"Part {chance % 3}", description="It runs today."
    )
    if chance % 2:
        return plain
    told = {name: f"About {name}." for name in OfferedPart.__struct_fields__ if name.startswith("service_")}
    return OfferedPart(
        **told,
        needs=plain.needs,
        kind="software",
        title=plain.title,
        description=plain.description,
        runs_at="Leeds",
        users="Two hundred.",
        running_since=date(2020, 2, 29),
        cost_to_adapt=pounds(amount_minor=1 + abs(chance)),
        weeks_to_adapt=chance % 9,
        licence="MIT",
        links=("https://service.example.org/evidence",),
    )
