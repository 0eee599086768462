"""The product's web process with a bare handler beside its own, for comparison.

Run as `python -m ops.bench.web PORT`; settings come from the environment. The bare handler has the
same guard and envelope as a vote, takes the same path parameter and answers JSON of the same size; the
one under `/bench/plain` lacks the envelope (request ids, headers, figures) too.
"""

import os
import sys
from typing import TypeAlias
from uuid import UUID

from litestar import Litestar, Request, put
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.types import ASGIApp, Receive, Scope, Send

from app import serve as serving
from app.access.actor import Actor
from app.asgi import create_app
from app.http.envelope import Envelope
from app.http.languages import Languages
from app.http.resources import actor_of
from app.http.votes import Voted
from app.settings import Settings
from events.store import EventStore

_ANSWER = Voted(position=1_234_567, votes=1_234)

AnyRequest: TypeAlias = Request[Actor, None, State]


@put(
    ["/bench/bare/{idea_id:uuid}/vote", "/bench/plain/{idea_id:uuid}/vote"],
    operation_id="castVote",  # So that the same rule guards it.
    include_in_schema=False,
)
async def answer_at_once(request: AnyRequest, idea_id: FromPath[UUID]) -> Voted:
    """Know who asks and about what, and answer without the log."""
    if actor_of(request).person_id == idea_id:
        raise AssertionError("Nobody is an idea.")
    return _ANSWER


def create_bench_app(settings: Settings | None = None, *, store: EventStore | None = None) -> Litestar:
    """Make the application with the bare handler in it."""
    app = create_app(settings, store=store)
    app.register(answer_at_once)
    whole = app.asgi_handler
    enveloped = whole._app if isinstance(whole, Languages) else whole  # noqa: SLF001  # Measuring what it wraps.
    if not isinstance(enveloped, Envelope):
        raise TypeError("The application has no envelope to leave out.")
    app.asgi_handler = _with_plain(whole, enveloped._app)  # noqa: SLF001  # As above.
    return app


def _with_plain(whole: ASGIApp, plain: ASGIApp) -> ASGIApp:
    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        chosen = plain if scope["path"].startswith("/bench/plain/") else whole
        await chosen(scope, receive, send)

    return choose


if __name__ == "__main__":
    serving.create_app = create_bench_app  # type: ignore[attr-defined]  # The one place that makes it.
    serving.serve(Settings.from_environment(os.environ), "127.0.0.1", int(sys.argv[1]))
