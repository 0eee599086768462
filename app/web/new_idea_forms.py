"""The steps of writing an idea down: what was typed, what is wrong with it by field, and the idea it comes to."""

from collections.abc import Mapping

from msgspec.structs import replace

from app.drafts import TypedIdea
from app.http.bodies import Ask, NewIdea
from app.web.new_idea_views import Step
from app.web.picking import looks_for, ticked
from app.web.typed_money import minor_in
from projections.language import N_
from projections.language import gettext as _

STEPS: tuple[Step, ...] = ("problem", "proposal", "about", "check")
FIELDS: Mapping[Step, tuple[str, ...]] = {
    "problem": ("title", "problem", "beneficiaries"),
    "proposal": ("proposal", "amount", "currency"),
    "about": ("themes", "places"),
    "check": ("community",),
}
"""Which fields a step asks for, in their order on the page."""
FIELDS_MAX = 200
"""How many fields a form of a step may have: each box that is ticked is one."""

_SHOWN_MAX = 6_000
_CODES_MAX = 60
_TURN_DIGITS_MAX = 15
_MISSING: Mapping[str, str] = {
    "title": N_("Say in one line what your idea is."),
    "problem": N_("Say what is wrong today."),
    "beneficiaries": N_("Say who it helps."),
    "proposal": N_("Say what would help."),
    "community": N_("Choose where it belongs."),
}
_FIELD_OF = {"ask": "amount"}


def step_named(name: str) -> Step | None:
    """Give the step of a name in an address."""
    return next((step for step in STEPS if step == name), None)


def beside(step: Step, by: int) -> Step:
    """Give the step after (1) or before (-1) another, or the first or last there is."""
    return STEPS[max(0, min(STEPS.index(step) + by, len(STEPS) - 1))]


def with_form(typed: TypedIdea, step: Step, form: Mapping[str, str]) -> TypedIdea:
    """Put what a step's form says into what was typed before; the other steps stay as they are."""

    def shown(name: str) -> str:
        text = str(form.get(name, getattr(typed, name))).replace("\0", "").replace("\r\n", "\n")
        return text[:_SHOWN_MAX]

    turn = max(typed.turn, turn_of(form))
    match step:
        case "problem":
            return replace(
                typed,
                title=" ".join(shown("title").split()),
                problem=shown("problem"),
                beneficiaries=shown("beneficiaries"),
                community=shown("community"),
                turn=turn,
            )
        case "proposal":
            currency = shown("currency").strip().upper()
            return replace(
                typed, proposal=shown("proposal"), amount=shown("amount"), currency=currency, turn=turn
            )
        case "about":
            return replace(
                typed,
                themes=ticked(form, "theme")[:_CODES_MAX],
                places=ticked(form, "place")[:_CODES_MAX],
                theme_search=looks_for(form, "theme"),
                place_search=looks_for(form, "place"),
                turn=turn,
            )
        case "check":
            return replace(typed, community=shown("community"), turn=turn)


def turn_of(form: Mapping[str, str]) -> int:
    """Read which turn of its page a form was sent in; one sent without scripts has none."""
    turn = form.get("turn", "")
    return int(turn) if turn.isascii() and turn.isdigit() and len(turn) <= _TURN_DIGITS_MAX else 0


def idea_in(typed: TypedIdea) -> tuple[NewIdea, dict[str, str]]:
    """Read the idea out of what was typed, and by field what keeps it from being logged."""
    errors = {name: _(sentence) for name, sentence in _MISSING.items() if not getattr(typed, name).strip()}
    minor = minor_in(typed.amount, "amount", typed.currency, errors)
    if minor == 0:
        errors["amount"] = _("Give an amount above 0, or leave it empty.")
    idea = NewIdea(
        title=typed.title,
        problem=typed.problem,
        proposal=typed.proposal,
        beneficiaries=typed.beneficiaries,
        themes=list(typed.themes),
        places=list(typed.places),
        ask=Ask(amount_minor=minor, currency=typed.currency) if minor else None,
        community=typed.community,
    )
    for fault in idea.faults():
        path = fault.path.partition("[")[0].partition(".")[0]
        errors.setdefault(_FIELD_OF.get(path, path), fault.message)
    return idea, errors


def errors_of(step: Step, errors: Mapping[str, str]) -> dict[str, str]:
    """Give what is wrong on one step, in the order of its fields."""
    return {name: errors[name] for name in FIELDS[step] if name in errors}


def first_wrong(errors: Mapping[str, str]) -> Step | None:
    """Give the first step on which something is wrong."""
    return next((step for step in STEPS if errors_of(step, errors)), None)
