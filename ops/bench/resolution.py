"""How long a pool of 200 conditional pledges takes to resolve, beside lowering pledges one by one.

Method. Each case resolves pools of one kind, again and again while the window lasts, in one thread; pools are
drawn with a fixed seed, so that every run resolves the same. The adversarial kinds are those on which lowering
one by one takes as many rounds as there are pledges or as there are pence. The naive cases resolve the same
pools one by one and must find the same amounts; `chase` is small enough for them to come to an end.

Limits. Pools are ready in memory; reading them from the log or a request is not in these figures.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

from domain.pledge_resolution import ConditionalPledge, resolve
from ops.bench.machine import Others
from ops.bench.naive_descent import resolve_naively
from ops.bench.session import Case, Measured, Session, percentiles

Pool = Sequence[ConditionalPledge]

PLEDGES = 200
_POOLS = 20
_ROUNDS_MAX = 1_000_000
_WHOLE = 10_000
_SEED = 20_26


async def run(session: Session) -> None:
    """Measure every case of `resolution` and add what was found to the report."""
    kinds = pools()
    for kind in ("mixed", "chase"):
        for pool in kinds[kind][: 2 if kind == "mixed" else 1]:
            assert resolve(pool).amounts == resolve_naively(pool, rounds_max=_ROUNDS_MAX)
    cases = [
        Case(f"resolve_{kind}", partial(_measured, session, f"resolve_{kind}", some, resolve))
        for kind, some in kinds.items()
    ]
    one_by_one = partial(resolve_naively, rounds_max=_ROUNDS_MAX)
    cases += [
        Case(f"naive_{kind}", partial(_measured, session, f"naive_{kind}", kinds[kind][:2], one_by_one))
        for kind in ("mixed", "chase")
    ]
    await session.in_rounds(cases)


async def _measured(
    session: Session, name: str, some: Sequence[Pool], resolving: Callable[[Pool], object]
) -> Measured:
    """Resolve one pool after another until the window is over, each at least once."""
    seconds: list[float] = []
    others = Others()
    until = time.perf_counter() + session.seconds
    while len(seconds) < len(some) or time.perf_counter() < until:
        pool = some[len(seconds) % len(some)]
        began = time.perf_counter()
        resolving(pool)
        seconds.append(time.perf_counter() - began)
    return Measured(percentiles(name, seconds), others.share())


def pools() -> Mapping[str, Sequence[Pool]]:
    """Draw the pools of every kind."""
    draw = random.Random(_SEED)
    return {
        "mixed": [_mixed(draw) for _ in range(_POOLS)],
        "totals": [_totals()],
        "names": [_names()],
        "shares": [list(_shares(draw)) for _ in range(_POOLS)],
        "leaving": [list(_leaving(draw)) for _ in range(_POOLS)],
        "matches": [_matches(draw) for _ in range(_POOLS)],
        "billionths": [_billionths()],
        "chase": [_chase()],
    }


def _pledge(id_: object, amount: int, funder: object = None, **conditions: object) -> ConditionalPledge:
    return ConditionalPledge(
        id=str(id_),
        funder=str(id_ if funder is None else funder),
        amount=amount,
        **conditions,  # type: ignore[arg-type]  # Drawn to fit the fields they are named for.
    )


def _mixed(draw: random.Random) -> Pool:
    """Every condition there is, among 150 funders."""

    def condition() -> dict[str, object]:
        return draw.choice(
            [
                {},
                {"min_total": draw.randint(1, 1_000_000_000)},
                {"min_funders": draw.randint(1, 120)},
                {"max_share": Fraction(draw.randint(1, _WHOLE), _WHOLE)},
                {
                    "match_ratio": Fraction(draw.randint(1, 400), 100),
                    "match_cap": draw.randint(1, 10_000_000),
                },
                {"with_funders": (str(draw.randint(0, 149)),)},
            ]
        )

    return [_pledge(n, draw.randint(1, 10_000_000), n % 150, **condition()) for n in range(PLEDGES)]


def _totals() -> Pool:
    """Each waits for all that are left, and the first for one unit more: they leave one after another."""
    return [_pledge(n, 100, min_total=100 * (PLEDGES - n) + (0 if n else 1)) for n in range(PLEDGES)]


def _names() -> Pool:
    """Each waits for the next, and the last for what never comes."""
    waiting = [_pledge(n, 100, with_funders=(str(n + 1),)) for n in range(PLEDGES - 1)]
    return [*waiting, _pledge(PLEDGES - 1, 100, min_total=1_000_000)]


def _parts(draw: random.Random, count: int) -> Iterator[Fraction]:
    """Draw parts with four decimals that leave one in ten thousand."""
    cuts = sorted(draw.sample(range(1, _WHOLE - 1), count - 1))
    for begin, end in zip([0, *cuts], [*cuts, _WHOLE - 1], strict=True):
        yield Fraction(end - begin, _WHOLE)


def _shares(draw: random.Random) -> Iterator[ConditionalPledge]:
    """All but one are capped to parts that leave almost nothing, and the one gives seven pence."""
    yield _pledge("seven", 7)
    for n, part in enumerate(_parts(draw, PLEDGES - 1)):
        yield _pledge(n, 1_000_000_000_000, max_share=part)


def _leaving(draw: random.Random) -> Iterator[ConditionalPledge]:
    """Half are capped to such parts, and half leave one after another, so that the others chase down each time."""
    half = PLEDGES // 2
    for n, part in enumerate(_parts(draw, half)):
        yield _pledge(n, 1_000_000_000_000, max_share=part)
    for n in range(half):
        yield _pledge(f"leaving {n}", 3, min_total=3 * _WHOLE * n + 5_000)


def _matches(draw: random.Random) -> Pool:
    """All but one match the others at ratios of their own, without a common denominator."""
    matching = [
        _pledge(
            n, draw.randint(100_000, 1_000_000_000), match_ratio=Fraction(draw.randint(1, 200), 2 * _WHOLE)
        )
        for n in range(PLEDGES - 1)
    ]
    return [*matching, _pledge("steady", 10_007)]


def _billionths() -> Pool:
    """Two capped pledges that leave some billionths: one by one they chase down for a billion rounds."""
    parts = (Fraction(333_333_333, 1_000_000_000), Fraction(666_666_661, 1_000_000_000))
    capped = [_pledge(n, 1_000_000_000_000, max_share=part) for n, part in enumerate(parts)]
    return [*capped, _pledge("seven", 7)]


def _chase() -> Pool:
    """The same at a size at which one by one comes to an end: parts that leave one in ten thousand."""
    parts = (Fraction(3_333, _WHOLE), Fraction(6_666, _WHOLE))
    capped = [_pledge(n, 1_000_000, max_share=part) for n, part in enumerate(parts)]
    return [*capped, _pledge("seven", 7)]
