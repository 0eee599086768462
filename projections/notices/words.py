"""Notices in words, for whom they concern."""

from typing import Literal, assert_never

from events.contracts import Money
from projections.amounts import money
from projections.language import gettext as _
from projections.notices.kinds import NoticeKind


def sentence(
    kind: NoticeKind,
    *,
    idea: str,
    organisation: str | None,
    offer: str,
    mandate: str,
    amount: Money | None,
    host: str,
) -> str:
    """Say in a sentence what happened."""
    who = _("“%(organisation)s”", organisation=organisation) if organisation else _("Somebody")
    match kind:
        case "offer_made":
            return _(
                "%(who)s offers a part for your idea “%(idea)s”: %(offer)s.", who=who, idea=idea, offer=offer
            )
        case "offer_revised":
            return _("An offer on your idea “%(idea)s” was changed: %(offer)s.", idea=idea, offer=offer)
        case "offer_withdrawn":
            return _("An offer on your idea “%(idea)s” was taken back: %(offer)s.", idea=idea, offer=offer)
        case "offer_accepted":
            return _("“%(idea)s” builds on your offer: %(offer)s.", idea=idea, offer=offer)
        case "offer_in_reserve":
            return _("“%(idea)s” keeps your offer in reserve: %(offer)s.", idea=idea, offer=offer)
        case "offer_declined":
            return _("“%(idea)s” does without your offer: %(offer)s.", idea=idea, offer=offer)
        case "offer_delivered":
            return _("A part of “%(idea)s” is there: %(offer)s.", idea=idea, offer=offer)
        case "endpoint_gone" | "endpoint_exhausted" | "endpoint_stopped":
            return _of_endpoint(kind, host or _("one of your endpoints"))
        case _:
            return _of_money(kind, who, idea, mandate, money(amount) if amount else "")


def _of_money(kind: NoticeKind, who: str, idea: str, mandate: str, amount: str) -> str:
    match kind:
        case "mandate_matched":
            return _(
                "“%(idea)s” fits what you are open to fund under “%(mandate)s”.", idea=idea, mandate=mandate
            )
        case "pledge_made":
            return _(
                "%(who)s pledged %(amount)s to the pool of “%(idea)s”.", who=who, amount=amount, idea=idea
            )
        case "standing_pledge_made":
            return _(
                "%(amount)s were pledged to “%(idea)s” in your name, as “%(mandate)s” says; you can still stop it.",
                amount=amount,
                idea=idea,
                mandate=mandate,
            )
        case "pool_committed":
            return _("The pool of “%(idea)s” closed: %(amount)s is committed.", idea=idea, amount=amount)
        case "pool_lapsed":
            return _(
                "The pool of “%(idea)s” ended without its minimum: %(amount)s were pledged, "
                "and nobody owes anything.",
                idea=idea,
                amount=amount,
            )
        case "pool_cancelled":
            return _("The pool of “%(idea)s” was called off; nobody owes anything.", idea=idea)
        case _:
            raise AssertionError(kind)


def _of_endpoint(kind: Literal["endpoint_gone", "endpoint_exhausted", "endpoint_stopped"], where: str) -> str:
    match kind:
        case "endpoint_gone":
            return _("Sending to %(where)s was paused: it answered that it is gone (410).", where=where)
        case "endpoint_exhausted":
            return _(
                "Sending to %(where)s was paused: an event could not be delivered in eight days.", where=where
            )
        case "endpoint_stopped":
            return _("Sending to %(where)s was paused: it asked to be sent nothing more.", where=where)
        case _:
            assert_never(kind)
