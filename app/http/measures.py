"""What `/metrics` tells, in the text format of Prometheus."""

import asyncio
from collections.abc import Callable, Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from app.mail.given_up import UnsentCounts
from app.webhooks.counts import WebhookCounts
from projections.state import ProjectionState

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

CONTENT_TYPE = "text/plain; version=0.0.4"
"""As Prometheus names it; the framework adds the character set."""

# When a counter was made would take as many lines again, and nobody asks.
disable_created_metrics()  # type: ignore[no-untyped-call]  # Typed as nothing by the library.


class Measures:
    """Counts what happens in this process; each application has its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "open_impact_http_request_seconds",
            "Seconds until an answer began, by method, route and status (0: the client left first)",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._rules = Counter(
            "open_impact_rules_broken_total",
            "Commands refused because of a rule, by rule",
            ("rule",),
            registry=self._registry,
        )
        self._children: dict[tuple[str, str, int], Histogram] = {}
        self._lag = Gauge(
            "open_impact_projection_lag_events",
            "Events a projection has not seen yet",
            ("projection", "generation"),
            registry=self._registry,
        )
        self._lag_seconds = Gauge(
            "open_impact_projection_lag_seconds",
            "Seconds the oldest event that a projection has not seen has waited",
            ("projection", "generation"),
            registry=self._registry,
        )
        self._poisoned = Gauge(
            "open_impact_projection_poisoned",
            "1 where a projection has stopped at an event it cannot apply",
            ("projection", "generation"),
            registry=self._registry,
        )
        self._mail = Gauge(
            "open_impact_mail_unsent",
            "Messages that wait to be sent, and those that were given up and can be tried again",
            ("state",),
            registry=self._registry,
        )
        self._endpoints = Gauge(
            "open_impact_webhook_endpoints",
            "Endpoints of other programs by how they stand",
            ("state",),
            registry=self._registry,
        )
        self._deliveries = Gauge(
            "open_impact_webhook_deliveries",
            "Deliveries that wait, counted up to 100,000, and by outcome those that ended within the last minute",
            ("state",),
            registry=self._registry,
        )
        self._late = Gauge(
            "open_impact_webhook_oldest_due_seconds",
            "Seconds for which the delivery that is due longest has been due, where its endpoint may be sent to",
            registry=self._registry,
        )
        self._readable = Gauge(
            "open_impact_database_up", "1 if the database answered this scrape", registry=self._registry
        )

    def request_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        # A caller can make methods up; they must not become labels.
        key = (method if method in _METHODS else "other", route, status)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._requests.labels(key[0], route, str(status))
        child.observe(seconds)

    def rule_broken(self, rule: str) -> None:
        """Count a command that a rule forbade."""
        self._rules.labels(rule).inc()

    def watch(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Show a number that is read when somebody asks."""
        Gauge(f"open_impact_{name}", meaning, registry=self._registry).set_function(value)

    def projections(self, states: Sequence[ProjectionState] | None) -> None:
        """Take down where the projections stand; None says that nobody could tell."""
        for gauge in (self._lag, self._lag_seconds, self._poisoned):
            gauge.clear()
        self._readable.set(states is not None)
        for state in states or ():
            self._lag.labels(state.name, state.generation).set(state.lag)
            self._lag_seconds.labels(state.name, state.generation).set(state.lag_seconds)
            self._poisoned.labels(state.name, state.generation).set(state.poisoned_at is not None)

    def mail(self, counts: UnsentCounts | None) -> None:
        """Take down how many messages have not left; None says that nobody could tell."""
        self._mail.clear()
        if counts is not None:
            self._mail.labels("waiting").set(counts.waiting)
            self._mail.labels("given_up").set(counts.given_up)

    def webhooks(self, counts: WebhookCounts | None) -> None:
        """Take down how it stands with webhooks; None says that nobody could tell."""
        self._endpoints.clear()
        self._deliveries.clear()
        self._late.set(float("nan") if counts is None else counts.oldest_due_seconds)
        if counts is not None:
            for state in ("active", "behind", "paused", "resting", "unverified"):
                self._endpoints.labels(state).set(getattr(counts, state))
            for state in ("waiting", "delivered", "aborted"):
                self._deliveries.labels(state).set(getattr(counts, state))

    async def text(self) -> bytes:
        """Write everything down; in a thread, since it takes milliseconds."""
        return await asyncio.to_thread(generate_latest, self._registry)
