"""For those who run this process: is it alive, can it serve, and its figures."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from litestar import Controller, Response, get
from msgspec import Struct

from app.http import examples
from app.http.client_address import is_this_machine
from app.http.measures import CONTENT_TYPE
from app.http.openapi import read_answers
from app.http.resources import ApiRequest, Resources, resources_of, visitor_of
from app.mail.given_up import counted
from app.webhooks.counts import webhook_counts
from events.connections import unavailable_when_lost
from events.errors import LogUnavailableError, OperationalError
from projections.registry import REGISTRY
from projections.state import states

T = TypeVar("T")

CHECK_SECONDS = 2.0
_RETRY = {"retry-after": "2"}


class Health(Struct, frozen=True, kw_only=True):
    """Whether all is well, and each check: "ok", or what is wrong."""

    status: str
    checks: dict[str, str]


class OperationController(Controller):
    """The routes of operation."""

    path = "/"
    tags = ("operation",)

    @get(
        "/health/live",
        operation_id="isAlive",
        summary="Is the process alive?",
        responses=read_answers(Health, examples.HEALTHY, without=(429,)),
        sync_to_thread=False,
    )
    def live(self) -> Health:
        """Answer as long as the process can answer anything."""
        return Health(status="ok", checks={})

    @get(
        "/health/ready",
        operation_id="isReady",
        summary="Can the process serve?",
        responses=read_answers(Health, examples.READY, without=(429,)),
    )
    async def ready(self, request: ApiRequest) -> Response[Health]:
        """Tell whether requests can be served now: the database answers, its schema is this release's, and the
        log is followed. 503 when not. The single checks are shown on this very machine and to operators; for others
        `checks` is empty.
        """
        checks = await _checks(resources_of(request))
        actor = visitor_of(request)
        sees_checks = is_this_machine(request) or (actor is not None and actor.is_operator)
        shown = checks if sees_checks else {}
        if all(check == "ok" for check in checks.values()):
            return Response(Health(status="ok", checks=shown))
        return Response(Health(status="unavailable", checks=shown), status_code=503, headers=_RETRY)

    @get(
        "/metrics",
        operation_id="getMetrics",
        summary="Figures for Prometheus",
        media_type="text/plain",
        responses=read_answers(str, examples.METRICS, 404, media_type="text/plain", without=(429,)),
    )
    async def metrics(self, request: ApiRequest) -> Response[Any]:
        """Give this process's figures, and how far the projections are, in the text format of Prometheus.

        There for whoever asks on this very machine, and for operators; to all others there is nothing here.
        """
        resources = resources_of(request)
        states_seen, mail, webhooks = await asyncio.gather(
            _told(states(resources.pool)),
            _told(counted(resources.pool)),
            _told(webhook_counts(resources.pool)),
        )
        resources.measures.projections(states_seen)
        resources.measures.mail(mail)
        resources.measures.webhooks(webhooks)
        return Response(await resources.measures.text(), media_type=CONTENT_TYPE)


async def _told(asking: Coroutine[Any, Any, T]) -> T | None:
    try:
        return await _in_time(asking)
    except OperationalError:
        return None


async def _in_time(asking: Coroutine[Any, Any, T]) -> T:
    """Wait for an answer, but not for a question to be taken back: a frozen server would take long over that too.

    Raises:
        LogUnavailableError: there was no answer in time, or the server is away.
    """
    task = asyncio.create_task(asking)
    _asked.add(task)
    task.add_done_callback(_forget)
    done, _ = await asyncio.wait({task}, timeout=CHECK_SECONDS)
    if not done:
        task.cancel()
        raise LogUnavailableError("The database does not answer.")
    async with unavailable_when_lost():
        return task.result()


_asked: set[asyncio.Task[Any]] = set()


def _forget(task: asyncio.Task[Any]) -> None:
    """Let go of a question that is over, its failure included: whoever asked has long been answered."""
    _asked.discard(task)
    if not task.cancelled():
        task.exception()


async def _checks(resources: Resources) -> dict[str, str]:
    checks = {"database": "ok", "schema": "ok", "live_tail": "ok" if resources.tail.is_fresh() else "behind"}
    try:
        built = await _in_time(
            resources.pool.fetchval(
                "SELECT count(DISTINCT projection) FROM checkpoints WHERE generation = 'live' AND projection = ANY($1::text[])",
                [projection.name for projection in REGISTRY],
            )
        )
    except OperationalError:
        return checks | {"database": "unreachable", "schema": "unknown"}
    except Exception as error:  # noqa: BLE001  # A database without our schema, or with another release's.
        return checks | {"schema": f"unusable: {type(error).__name__}"}
    if built < len(REGISTRY):
        checks["schema"] = "waiting for a worker to build the read models"
    return checks
