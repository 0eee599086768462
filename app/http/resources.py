"""What a running web process holds open, and how handlers come by it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request
from litestar.datastructures import State
from msgspec import Struct

from app.access.actor import Actor
from app.access.identity_provider import IdentityProvider, way_to
from app.access.invitations import Invitations
from app.access.kept_forms import KeptForms
from app.access.links import Links
from app.access.origins import Origins
from app.access.passkeys import Passkeys
from app.access.risk import Risk
from app.access.sessions import Sessions
from app.access.tokens import Tokens
from app.command_handling import Cause, Handler
from app.drafts import Drafts
from app.http.ballots import Ballots
from app.http.limits import Limits, open_limits
from app.http.live_tail import LiveTail
from app.http.measures import Measures
from app.http.public_log import PublicLog, public_log_of
from app.http.trace import trace_of
from app.http.watches import Watches
from app.mail.mailbox import Mailbox
from app.mail.outbox import Outbox
from app.outbound.client import Outbound
from app.settings import Settings
from app.webhooks.way_out import way_to_endpoints
from events.connections import Pool, open_pool
from events.postgres import open_store
from events.sealing.errors import NoSecretKeyError
from events.sealing.keyring import Keyring
from events.sealing.postgres import PostgresKeyring
from events.sealing.secret_key import InstallationSecret, SecretKey
from events.store import EventStore
from projections.state import Positions
from projections.vote_counts import VoteCounts, load_vote_counts

POOL_CONNECTIONS_MAX = 10
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

ApiRequest: TypeAlias = Request[Actor | None, None, State]


class NoDatabaseError(Exception):
    """No database is set; set OPEN_IMPACT_DATABASE_URL, or start everything with `open-impact up`."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Resources(Struct, frozen=True, kw_only=True):
    """What a running web process holds open.

    Secrets that are kept nowhere (of pseudonyms, signed words and the like) are derived from `installation`, each
    for its purpose; they outlast a rotation of the secret key.
    """

    settings: Settings
    pool: Pool
    store: EventStore
    handler: Handler
    tail: LiveTail
    watches: Watches
    ballots: Ballots
    vote_counts: VoteCounts
    positions: Positions
    tokens: Tokens
    sessions: Sessions
    passkeys: Passkeys
    outbox: Outbox
    links: Links
    kept_forms: KeptForms
    drafts: Drafts
    invitations: Invitations
    mailbox: Mailbox
    identity_provider: IdentityProvider | None
    limits: Limits
    installation: InstallationSecret
    keyring: Keyring
    outbound: Outbound
    public_log: PublicLog
    origins: Origins
    risk: Risk
    measures: Measures

    @property
    def is_https(self) -> bool:
        """Tell whether people reach us over https, so that cookies may be kept to it."""
        return self.settings.public_url.startswith("https:")

    @property
    def link_is_enough(self) -> bool:
        """Tell whether an e-mail link will do as a fresh proof, as on a demo on this very machine."""
        if self.settings.step_up is not None:
            return self.settings.step_up == "link"
        return self.is_on_loopback

    @property
    def is_on_loopback(self) -> bool:
        """Tell whether people reach us on this very machine alone."""
        return urlsplit(self.settings.public_url).hostname in LOOPBACK


@asynccontextmanager
async def open_resources(
    settings: Settings, database_url: str, measures: Measures, *, store: EventStore | None = None
) -> AsyncIterator[Resources]:
    """Open everything a web process needs, and close it again.

    Raises:
        NoSecretKeyError: the settings have no secret key.
        WrongSecretKeyError: the database was sealed with another secret key.
        OSError, asyncpg.PostgresError: the database is away.
    """
    secret = settings.secret_key
    if secret is None:
        raise NoSecretKeyError
    async with AsyncExitStack() as held:
        pool = await held.enter_async_context(
            open_pool(database_url, name="web", size_max=POOL_CONNECTIONS_MAX)
        )
        if store is None:
            opened = await held.enter_async_context(
                open_store(database_url, name="web", pool=pool, secret=secret)
            )
            measures.watch(
                "appends_queued", "Requests that wait to be appended to the log", lambda: opened.queued
            )
            store = opened
        keyring = PostgresKeyring(pool, SecretKey(secret))
        installation = await keyring.begin()
        outbox = Outbox(installation.derived("mail"))
        noted = installation.derived("networks that votes come from")
        origins = await held.enter_async_context(Origins(pool, noted).noting())
        risk = await held.enter_async_context(
            Risk(pool, origins, installation.derived("proofs of work")).watching()
        )
        vote_counts = await load_vote_counts(pool)
        tail = LiveTail(store)
        tail.listen(vote_counts.apply)
        ballots, watches = Ballots(store, tail), Watches()
        tail.listen(watches.heard)
        measures.watch(
            "event_stream_clients", "Clients that follow the event stream", lambda: tail.subscribers
        )
        measures.watch("live_pages", "Pages that are open and follow what happens", lambda: watches.open)
        await held.enter_async_context(tail.following(vote_counts.reached))
        yield Resources(
            settings=settings,
            pool=pool,
            store=store,
            handler=Handler(store),
            tail=tail,
            watches=watches,
            ballots=ballots,
            vote_counts=vote_counts,
            positions=Positions(pool),
            tokens=Tokens(pool),
            sessions=Sessions(pool),
            outbox=outbox,
            links=Links(
                pool, outbox, installation.derived("sign-in by link"), public_url=settings.public_url
            ),
            kept_forms=KeptForms(pool, installation.derived("kept forms")),
            drafts=Drafts(pool, installation.derived("drafts")),
            invitations=Invitations(
                pool, outbox, installation.derived("invitations"), public_url=settings.public_url
            ),
            mailbox=Mailbox(settings.data),
            identity_provider=await _identity_provider(settings, held),
            passkeys=Passkeys(pool, outbox, settings.public_url),
            installation=installation,
            keyring=keyring,
            outbound=await held.enter_async_context(way_to_endpoints(settings).opened()),
            public_log=public_log_of(installation),
            origins=origins,
            risk=risk,
            limits=await held.enter_async_context(open_limits(settings)),
            measures=measures,
        )


async def _identity_provider(settings: Settings, held: AsyncExitStack) -> IdentityProvider | None:
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    outbound = await held.enter_async_context(way_to(settings.oidc_issuer, settings).opened())
    return IdentityProvider(
        outbound,
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        name=settings.oidc_name,
        redirect_uri=f"{settings.public_url.rstrip('/')}/sign-in/oidc/callback",
    )


def resources_of(request: Request[Any, Any, Any]) -> Resources:
    """Give the resources of the application that a request came to."""
    return cast("Resources", request.app.state["resources"])


def actor_of(request: Request[Any, Any, Any]) -> Actor:
    """Give the actor that the guard let in; only where the operation's rule asks for somebody."""
    return cast("Actor", request.scope["user"])


def visitor_of(request: Request[Any, Any, Any]) -> Actor | None:
    """Give whoever is signed in or sent a token, on a route that anyone may come to."""
    return cast("Actor | None", request.scope.get("user"))


def cause_of(request: Request[Any, Any, Any], actor: UUID | None) -> Cause:
    """Say who asks for a change, and under which words the logs know the request."""
    trace = trace_of(request.scope)
    return Cause(actor=actor, request_id=trace.request_id, correlation_id=trace.correlation_id)


def now() -> datetime:
    """Tell the time, which commands carry because the domain knows no clock."""
    return datetime.now(UTC)
