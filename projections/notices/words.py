"""Notices in words, for whom they concern."""

from typing import Literal, assert_never

from events.contracts import Money
from projections.amounts import money
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
    who = f"“{organisation}”" if organisation else "Somebody"
    match kind:
        case "offer_made":
            return f"{who} offers a part for your idea “{idea}”: {offer}."
        case "offer_revised":
            return f"An offer on your idea “{idea}” was changed: {offer}."
        case "offer_withdrawn":
            return f"An offer on your idea “{idea}” was taken back: {offer}."
        case "offer_accepted":
            return f"“{idea}” builds on your offer: {offer}."
        case "offer_in_reserve":
            return f"“{idea}” keeps your offer in reserve: {offer}."
        case "offer_declined":
            return f"“{idea}” does without your offer: {offer}."
        case "offer_delivered":
            return f"A part of “{idea}” is there: {offer}."
        case "endpoint_gone" | "endpoint_exhausted" | "endpoint_stopped":
            return _of_endpoint(kind, host or "one of your endpoints")
        case _:
            return _of_money(kind, who, idea, mandate, money(amount) if amount else "")


def _of_money(kind: NoticeKind, who: str, idea: str, mandate: str, amount: str) -> str:
    match kind:
        case "mandate_matched":
            return f"“{idea}” fits what you are open to fund under “{mandate}”."
        case "pledge_made":
            return f"{who} pledged {amount} to the pool of “{idea}”."
        case "standing_pledge_made":
            return (
                f"{amount} were pledged to “{idea}” in your name, as “{mandate}” says; you can still stop it."
            )
        case "pool_committed":
            return f"The pool of “{idea}” closed: {amount} are committed."
        case "pool_lapsed":
            return f"The pool of “{idea}” ended without its minimum: {amount} were pledged, and nobody owes anything."
        case "pool_cancelled":
            return f"The pool of “{idea}” was called off; nobody owes anything."
        case _:
            raise AssertionError(kind)


def _of_endpoint(kind: Literal["endpoint_gone", "endpoint_exhausted", "endpoint_stopped"], where: str) -> str:
    match kind:
        case "endpoint_gone":
            return f"Sending to {where} was paused: it answered that it is gone (410)."
        case "endpoint_exhausted":
            return f"Sending to {where} was paused: an event could not be delivered in eight days."
        case "endpoint_stopped":
            return f"Sending to {where} was paused: it asked to be sent nothing more."
        case _:
            assert_never(kind)
