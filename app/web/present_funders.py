"""From what the queries answer about a funder's past to what its page shows."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import UUID

from app.web.funder_views import (
    GrantLine,
    PastPart,
    RecipientLine,
    ThemeLine,
    YearBar,
    YearsPicture,
)
from app.web.mandate_views import FundersQuery
from app.web.present_mandates import funder_href, funders_href
from app.web.views import Label
from projections.codes import theme_name
from projections.language import gettext as _
from projections.past_grants.queries import (
    PastFunder,
    PastGrantRow,
    RecipientRows,
    UsualGrants,
    YearTotal,
)

WIDTH, HEIGHT = 640, 160
YEARS_DRAWN = 20
_LEAST = 2
_GAP = 6
_WIDEST = 64


def past_part(
    funder: PastFunder,
    years: Sequence[YearTotal],
    usual: UsualGrants | None,
    rows: RecipientRows,
    latest: Sequence[PastGrantRow],
    *,
    hrefs: Mapping[str, str],
    is_first: bool,
) -> PastPart:
    """Show a funder's past grants; `hrefs` lead to recipients that are registered here."""
    currency = usual.year.currency if usual else (years[0].total.currency if years else "")
    drawn = [one for one in years if one.total.currency == currency]
    page = funder_href(funder.funder_id)
    return PastPart(
        org_id=funder.org_id,
        grants=funder.grants,
        to_individuals=funder.to_individuals,
        first_awarded_at=funder.first_awarded_at,
        last_awarded_at=funder.last_awarded_at,
        picture=years_picture(drawn),
        other_years=tuple(
            (one.year, one.grants, one.total) for one in years if one.total.currency != currency
        ),
        themes=tuple(
            ThemeLine(
                label=Label(
                    code=one.theme,
                    name=theme_name(one.theme),
                    href=funders_href(FundersQuery(theme=one.theme)),
                ),
                grants=one.grants,
                total=one.total,
            )
            for one in (usual.themes if usual else ())
        ),
        recipients=tuple(
            RecipientLine(name=row.name, grants=row.grants, total=row.total, href=hrefs.get(row.recipient_id))
            for row in rows.items
        ),
        latest=tuple(
            GrantLine(
                to=_("a person") if row.to_individual else row.recipient_name or _("an organisation"),
                amount=row.amount,
                awarded_at=row.awarded_at,
                title=row.title,
                description=row.description,
            )
            for row in latest
        ),
        json_href=past_grants_href(funder.funder_id),
        next_href=f"{page}?{urlencode({'cursor': rows.next_cursor})}" if rows.next_cursor else None,
        first_href=None if is_first else page,
    )


def past_grants_href(organisation_id: UUID) -> str:
    """Address a funder's past grants as JSON."""
    return f"/api/v1/organisations/{organisation_id}/grants"


def years_picture(years: Sequence[YearTotal]) -> YearsPicture:
    """Draw what was given in each year, the oldest first; a year without grants has its place."""
    by_year = {one.year: one for one in years}
    last = max(by_year, default=0)
    span = range(max(min(by_year, default=1), last - YEARS_DRAWN + 1), last + 1)
    highest = max((by_year[year].total.amount_minor for year in span if year in by_year), default=0) or 1
    step = min(_WIDEST, WIDTH // max(1, len(span)))
    bars = []
    for number, year in enumerate(span):
        if (one := by_year.get(year)) is None:
            continue
        height = max(_LEAST, round(HEIGHT * one.total.amount_minor / highest))
        bars.append(
            YearBar(
                year=year,
                grants=one.grants,
                total=one.total,
                x=number * step,
                y=HEIGHT - height,
                height=height,
            )
        )
    # A few years do not grow into towers: the box is as wide as many would need.
    return YearsPicture(width=WIDTH, height=HEIGHT, bar_width=step - _GAP, bars=tuple(bars))
