"""Examples of pages of things as they were at an earlier moment, all of them invented."""

from datetime import timedelta

from app.web.formats import time_in_words
from app.web.then_views import Moment, Then
from tests.web.cast import START


def then(href: str, what: str, *, moments: int = 12, here: int = 4) -> Then:
    """Make a moment among others, a day apart."""
    at = [START + timedelta(days=number) for number in range(moments)]
    return Then(
        at=at[here],
        words=time_in_words(at[here]),
        what=what,
        now_href=href,
        history_href=f"{href}/history",
        moments=[Moment(position=41_200 + number, words=time_in_words(one)) for number, one in enumerate(at)],
        here=here,
        before_href=f"{href}?as_of={41_199 + here}" if here else None,
        after_href=f"{href}?as_of={41_201 + here}" if here < moments - 1 else None,
        first_day=at[0].date().isoformat(),
        last_day=at[-1].date().isoformat(),
        day=at[here].date().isoformat(),
    )
