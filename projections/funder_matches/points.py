"""The score of `fit.py` in SQL, for ranking all ideas that fit a mandate without carrying each of them here.

Only what a mandate names is compared: where any theme or place will do, its points are a constant and no index of it is
asked. Every value is a parameter, every piece of SQL a constant.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from events.codes import places
from projections.funder_matches.fit import (
    ANY_PLACE_POINTS,
    ANY_THEME_POINTS,
    AROUND_POINTS,
    INSIDE_POINTS,
    OPEN_ASK_POINTS,
    PART_POINTS_MIN,
    POOL_POINTS,
    STAGE_POINTS,
    THEME_POINTS,
    WHOLE_POINTS,
    WINDOW_POINTS,
    MandateFacts,
)
from projections.statements import statement

_HERE = Path(__file__).parent


def ideas_page(
    mandate: MandateFacts, first: Sequence[object], *, untold: bool = False, with_pool: bool = False
) -> tuple[str, list[object]]:
    """Put together the statement that lists what fits an open mandate, and its arguments.

    `first` are the limit, the least score, and score and idea of the cursor. With `untold` only what the funder was not
    told of yet is listed, and `with_pool` only ideas with an open pool.
    """
    arguments: list[object] = [*first]

    def parameter(value: object, kind: str) -> str:
        arguments.append(value)
        return f"${len(arguments)}::{kind}"

    # What is compared soonest comes first, and lists of codes are compared last.
    parts = [
        _stage(mandate, parameter),
        _pool(mandate, parameter),
        _ticket(mandate, parameter),
        _theme(mandate, parameter),
        _place(mandate, parameter),
    ]
    conditions = [condition for _, condition in parts]
    if untold:
        conditions.append(_UNTOLD.format(parameter(mandate.mandate_id, "uuid")))
    if with_pool:
        conditions.append("i.pool_id IS NOT NULL")
    sql = statement(_HERE, "ideas_page").format(
        points=" + ".join([str(WINDOW_POINTS), *(points for points, _ in parts)]),
        conditions=" AND ".join(conditions),
    )
    return sql, arguments


_UNTOLD = "NOT EXISTS (SELECT FROM funder_matches.alerts a WHERE a.mandate_id = {} AND a.idea_id = i.idea_id)"

_Parameter = Callable[[object, str], str]


def _theme(mandate: MandateFacts, parameter: _Parameter) -> tuple[str, str]:
    if not mandate.themes:
        return str(ANY_THEME_POINTS), "true"
    wanted = parameter(list(mandate.themes), "text[]")
    same, below, further = THEME_POINTS
    points = (
        f"CASE WHEN i.themes && {wanted} THEN {same} WHEN i.wider && {wanted} THEN {below} ELSE {further} END"
    )
    return points, f"i.theme_keys && {wanted}"


def _place(mandate: MandateFacts, parameter: _Parameter) -> tuple[str, str]:
    if not mandate.places:
        return str(ANY_PLACE_POINTS), "true"
    wanted = parameter(list(mandate.places), "text[]")
    around = sorted({code for place in mandate.places for code in places.with_ancestors(place)})
    points = f"CASE WHEN i.place_keys && {wanted} THEN {INSIDE_POINTS} ELSE {AROUND_POINTS} END"
    return points, f"(i.place_keys && {wanted} OR i.places && {parameter(around, 'text[]')})"


def _ticket(mandate: MandateFacts, parameter: _Parameter) -> tuple[str, str]:
    least, most = parameter(mandate.ticket_min, "bigint"), parameter(mandate.ticket_max, "bigint")
    in_parts = WHOLE_POINTS * mandate.ticket_max
    # No decimal numbers, which take ten times as long to divide; amounts stay far below what an integer holds.
    part = f"greatest({PART_POINTS_MIN}, ({parameter(in_parts, 'bigint')} / i.ask_minor)::integer)"
    points = f"CASE WHEN i.ask_minor IS NULL THEN {OPEN_ASK_POINTS} WHEN i.ask_minor <= {most} THEN {WHOLE_POINTS} ELSE {part} END"
    currency = parameter(mandate.currency, "text")
    return points, f"(i.ask_minor IS NULL OR (i.ask_currency = {currency} AND i.ask_minor >= {least}))"


def _stage(mandate: MandateFacts, parameter: _Parameter) -> tuple[str, str]:
    wanted: tuple[str, ...] = mandate.stages or tuple(STAGE_POINTS)
    points = " ".join(f"WHEN '{stage}' THEN {points}" for stage, points in STAGE_POINTS.items())
    return f"CASE i.stage {points} END", f"i.stage = ANY({parameter(list(wanted), 'text[]')})"


def _pool(mandate: MandateFacts, parameter: _Parameter) -> tuple[str, str]:
    currency = parameter(mandate.currency, "text")
    points = f"CASE WHEN i.pool_currency IS NULL THEN 0 ELSE {POOL_POINTS} END"
    return points, f"(i.pool_currency IS NULL OR i.pool_currency = {currency})"
