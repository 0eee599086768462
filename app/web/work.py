"""Work before somebody joins or votes where there is risk: a page that has the browser do it, and goes on by itself.

The page is a form that repeats what was sent. A script of ours solves its challenge in a worker and sends it; whoever
has no scripts waits some minutes and presses the button. See `app.access.risk` and ops/decisions/0034.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import msgspec
from litestar import Response
from msgspec import Struct

from app.access.risk import JOIN_COST, PAGE_VALID_SECONDS, WAIT_SECONDS
from app.http.client_address import client_address
from app.http.resources import now, resources_of
from app.web.showing import PageRequest, show

_NO_STORE = {"cache-control": "no-store"}


class WorkPage(Struct, frozen=True, kw_only=True):
    """A form that is sent again, with a solved challenge or after waiting: where to, and with what was typed.

    Without scripts it may be sent at `ready_at`; `too_early` says that it was sent before. `purpose` says in a sentence
    what the sum is for.
    """

    action: str
    purpose: str
    fields: Mapping[str, str]
    challenge: str
    ready_at: datetime
    too_early: bool = False

    @property
    def minutes(self) -> int:
        """Give how long one waits without scripts."""
        return WAIT_SECONDS // 60


async def work_first(
    request: PageRequest,
    form: Mapping[str, str],
    *,
    action: str,
    purpose: str,
    fields: Mapping[str, str],
    cost: int = JOIN_COST,
) -> Response[bytes] | None:
    """Give the page to show first, or nothing when the form brings a proof of work or a challenge waited out.

    Only so many wait their way in from one network; it is they who are refused then, not those who show work.

    Raises:
        TooManyRequestsError: too many from this network have waited.
        LogUnavailableError: the database, which knows used proofs, cannot be reached.
    """
    resources = resources_of(request)
    risk, challenge = resources.risk, form.get("challenge", "")
    if await risk.verify(form.get("proof", ""), cost=cost):
        return None
    waited = risk.waited(challenge)
    if waited == "long_enough":
        await resources.limits.require("wait", key=risk.network_name(client_address(request)))
        if await risk.use_up(challenge):
            return None
    if waited != "too_short":
        made = risk.challenge(cost=cost, valid_seconds=PAGE_VALID_SECONDS)
        challenge = msgspec.json.encode(made).decode()
    page = WorkPage(
        action=action,
        purpose=purpose,
        fields=fields,
        challenge=challenge,
        ready_at=_ready_at(challenge),
        too_early=waited == "too_short",
    )
    return await show(request, "work.html", page, status=HTTPStatus.FORBIDDEN, headers=_NO_STORE)


def _ready_at(challenge: str) -> datetime:
    """Tell when a challenge of ours is waited out, in whole minutes, as the page says it."""
    expires_at = msgspec.json.decode(challenge)["parameters"]["expiresAt"]
    ready_at = datetime.fromtimestamp(expires_at - PAGE_VALID_SECONDS + WAIT_SECONDS, UTC)
    begun = ready_at.replace(second=0, microsecond=0)
    return max(begun if begun == ready_at else begun + timedelta(minutes=1), now().replace(microsecond=0))
