"""What `open-impact doctor` looks at: each check says how it is and, where something is wrong, what to do."""

import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Literal, TypeAlias

import asyncpg
import redis.asyncio as redis
from alembic.script import ScriptDirectory
from msgspec import Struct
from redis.exceptions import RedisError

from app.bootstrap import MIGRATIONS
from app.cli.errors import sentence_for
from app.embedded.data_folder import ROOM_NEEDED, DataFolder, running_instance
from app.mail.given_up import counted
from app.settings import Settings, masked_url, variable_of
from app.webhooks.counts import LATE_SECONDS, webhook_counts
from events.connections import CONNECT_SECONDS, SERVICE_ROLE, Connection, open_pool
from events.sealing.secret_key import SecretKey
from projections.registry import REGISTRY
from projections.state import ProjectionState, states

Verdict: TypeAlias = Literal["ok", "warn", "fail"]

POSTGRES_OLDEST = 15
VALKEY_OLDEST = 7
_ROOM_COMFORTABLE = 8 * ROOM_NEEDED
_LAG_SECONDS_MAX = 30.0
_POSITIONS_AHEAD_MIN = 100_000
_EXTENSIONS = ("pg_trgm", "unaccent")


class Check(Struct, frozen=True, kw_only=True):
    """One thing that was looked at; `mend` says what to do unless all is well."""

    name: str
    verdict: Verdict
    found: str
    mend: str = ""


async def all_checks(settings: Settings) -> AsyncIterator[Check]:
    """Look at everything, from the ground up; what rests on something broken is left out."""
    yield check_instance(settings)
    yield check_disk(settings)
    if settings.database_url is not None:
        async for check in check_database(settings.database_url, settings.secret_key):
            yield check
    yield await check_valkey(settings.redis_url)


def check_instance(settings: Settings) -> Check:
    """See whether there is an installation to talk to."""
    name, folder = "installation", DataFolder.at(settings.data).path
    instance = running_instance(settings.data)
    if instance is not None:
        return Check(
            name=name, verdict="ok", found=f"`open-impact up` runs on {folder} at {instance.address}"
        )
    if settings.database_url is not None:
        return Check(name=name, verdict="ok", found=f"the database is set by {variable_of('database_url')}")
    return Check(
        name=name,
        verdict="fail",
        found=f"nothing runs on {folder}, and {variable_of('database_url')} is not set",
        mend=f"Start it with `open-impact up`, or set {variable_of('database_url')}.",
    )


def check_disk(settings: Settings) -> Check:
    """See how much room there is where the data folder is, or would be."""
    folder = DataFolder.at(settings.data).path
    place = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(place).free
    verdict: Verdict = "fail" if free < ROOM_NEEDED else "warn" if free < _ROOM_COMFORTABLE else "ok"
    return Check(
        name="disk",
        verdict=verdict,
        found=f"{free // 1024**2:,} MB free at {place}",
        mend="" if verdict == "ok" else "Free some space, or choose another data folder with --data.",
    )


async def check_database(url: str, secret: str | None) -> AsyncIterator[Check]:
    """See whether PostgreSQL is there and set up, what it holds can be opened, and the read models keep up."""
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS, command_timeout=CONNECT_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        mend = sentence_for(error) or f"Check {variable_of('database_url')}."
        yield Check(name="postgresql", verdict="fail", found=f"{masked_url(url)}: {_brief(error)}", mend=mend)
        return
    try:
        for name, check in _OF_THE_DATABASE:
            found = await _tried(name, check(connection))
            yield found
            if name == "schema" and found.verdict == "fail":
                return
        yield await _tried("secret key", _check_secret_key(connection, secret))
    finally:
        await connection.close()
    async for found in _check_projections(url):
        yield found


async def _tried(name: str, checking: Awaitable[Check]) -> Check:
    """Count it as a failure where the database does not let us look."""
    try:
        return await checking
    except asyncpg.PostgresError as error:
        return Check(name=name, verdict="fail", found=_brief(error), mend=sentence_for(error) or "")


def _brief(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__


async def _check_version(connection: Connection) -> Check:
    version = str(await connection.fetchval("SHOW server_version")).partition(" ")[0]
    is_enough = int(await connection.fetchval("SHOW server_version_num")) >= POSTGRES_OLDEST * 10_000
    return Check(
        name="postgresql",
        verdict="ok" if is_enough else "fail",
        found=f"version {version}",
        mend="" if is_enough else f"Upgrade the server to PostgreSQL {POSTGRES_OLDEST} or newer.",
    )


async def _check_durability(connection: Connection) -> Check:
    is_on = await connection.fetchval("SHOW fsync") == "on"
    return Check(
        name="durability",
        verdict="ok" if is_on else "warn",
        found=f"fsync is {'on' if is_on else 'off'}",
        mend="" if is_on else "Set fsync = on in PostgreSQL, or a power cut can lose what was acknowledged.",
    )


async def _check_schema(connection: Connection) -> Check:
    wanted = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    is_there, is_readable = await connection.fetchrow(
        "SELECT t IS NOT NULL, coalesce(has_table_privilege(t, 'SELECT'), true) FROM to_regclass('alembic_version') t"
    ) or (False, True)
    if not is_readable:
        return Check(
            name="schema",
            verdict="warn",
            found="this user may not see its version",
            mend="Run the doctor as the database's owner to compare it with this release.",
        )
    found = await connection.fetchval("SELECT max(version_num) FROM alembic_version") if is_there else None
    return Check(
        name="schema",
        verdict="ok" if found == wanted else "fail",
        found=f"at {found or 'nothing'}" + ("" if found == wanted else f", this release needs {wanted}"),
        mend=""
        if found == wanted
        else "Run `open-impact migrate`; if the schema is newer, upgrade this program.",
    )


async def _check_extensions(connection: Connection) -> Check:
    rows = await connection.fetch("SELECT extname FROM pg_extension")
    missing = sorted(set(_EXTENSIONS) - {row["extname"] for row in rows})
    return Check(
        name="extensions",
        verdict="fail" if missing else "ok",
        found=f"{', '.join(missing)} missing" if missing else ", ".join(_EXTENSIONS),
        mend=f"As the database's owner: {' '.join(f'CREATE EXTENSION {one};' for one in missing)}"
        if missing
        else "",
    )


async def _check_rights(connection: Connection) -> Check:
    """See that the service can do its work, and cannot change the log."""
    row = await connection.fetchrow(
        """
        SELECT current_user AS login, current_database() AS database,
               pg_has_role(current_user, r.oid, 'MEMBER') AS member,
               has_table_privilege(r.oid, 'events', 'SELECT') AND has_table_privilege(r.oid, 'events', 'INSERT') AS appends,
               has_database_privilege(r.oid, current_database(), 'CREATE') AS builds,
               (SELECT bool_or(has_table_privilege(r.oid, c.oid, one))
                  FROM pg_class c CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) one
                 WHERE c.oid = 'events'::regclass
                    OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'events'::regclass)) AS changes
          FROM pg_roles r WHERE r.rolname = $1
        """,
        SERVICE_ROLE,
    )

    def fail(found: str, mend: str) -> Check:
        return Check(name="rights", verdict="fail", found=found, mend=mend)

    role = SERVICE_ROLE
    if row is None:
        return fail(
            f"there is no role {role}",
            f"As a superuser: CREATE ROLE {role} NOLOGIN; then restore its grants.",
        )
    if not row["member"]:
        return fail(
            f"{row['login']} may not act as {role}", f'As a superuser: GRANT {role} TO "{row["login"]}";'
        )
    if not row["appends"]:
        return fail(
            f"{role} cannot read and append events",
            f"As the owner: GRANT SELECT, INSERT ON events TO {role};",
        )
    if row["changes"]:
        mend = f"As the owner: REVOKE UPDATE, DELETE, TRUNCATE ON events FROM {role}; and the same on each partition."
        return fail(f"{role} can change or delete events", mend)
    if not row["builds"]:
        mend = f'As the owner: GRANT CONNECT, CREATE, TEMPORARY ON DATABASE "{row["database"]}" TO {role};'
        return fail(f"{role} cannot build read models", mend)
    return Check(name="rights", verdict="ok", found=f"{role} appends events and cannot change them")


async def _check_triggers(connection: Connection) -> Check:
    """See that the database itself refuses every change of the log, on each partition."""
    unguarded = await connection.fetch(
        """
        SELECT c.relname FROM pg_class c
         WHERE (c.oid = 'events'::regclass OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'events'::regclass))
           AND (SELECT count(*) FROM pg_trigger t
                 WHERE t.tgrelid = c.oid AND t.tgenabled = 'A'
                   AND t.tgname IN ('events_are_immutable', 'events_are_not_truncated')) < 2
         ORDER BY 1
        """
    )
    tables = ", ".join(row["relname"] for row in unguarded)
    return Check(
        name="append-only",
        verdict="fail" if unguarded else "ok",
        found=f"changes are not refused in {tables}"
        if unguarded
        else "the database refuses changes to events",
        mend="As the owner: ALTER TABLE … ENABLE ALWAYS TRIGGER … for events_are_immutable and events_are_not_truncated"
        " on each, then run `open-impact events verify`."
        if unguarded
        else "",
    )


async def _check_room(connection: Connection) -> Check:
    """See that there are partitions for the positions to come."""
    head = await connection.fetchval("SELECT coalesce(max(position), 0) FROM events")
    bounds = await connection.fetch(
        "SELECT pg_get_expr(c.relpartbound, c.oid) AS bound FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = 'events'::regclass"
    )
    ends = [int(found[1]) for row in bounds if (found := re.search(r"TO \('(\d+)'\)", row["bound"]))]
    left = max(ends, default=0) - head - 1
    return Check(
        name="room in the log",
        verdict="ok" if left >= _POSITIONS_AHEAD_MIN else "fail",
        found=f"newest position {head:,}, room for {left:,} more",
        mend=""
        if left >= _POSITIONS_AHEAD_MIN
        else "Start a worker with `open-impact work`; it makes room at once.",
    )


async def _check_mail(connection: Connection) -> Check:
    """See whether there are messages that will not leave by themselves."""
    found = await counted(connection)
    if not found.given_up:
        return Check(name="mail", verdict="ok", found=f"{found.waiting:,} wait, none was given up")
    return Check(
        name="mail",
        verdict="warn",
        found=f"{found.given_up:,} given up, the last one because: {found.newest_error}",
        mend=f"See `open-impact mail list`, check {variable_of('smtp_url')}, then `open-impact mail retry --all`.",
    )


async def _check_webhooks(connection: Connection) -> Check:
    """See whether what other programs are to be told of leaves in time."""
    found = await webhook_counts(connection)
    endpoints = found.active + found.behind + found.resting + found.paused
    late = found.oldest_due_seconds > LATE_SECONDS
    return Check(
        name="webhooks",
        verdict="warn" if late else "ok",
        found=f"{endpoints:,} endpoints ({found.behind:,} behind, {found.paused:,} paused, {found.resting:,} rest);"
        f" {found.waiting:,} deliveries wait, of which one is due for {found.oldest_due_seconds:,.0f} s",
        mend="Start a worker with `open-impact work`, or see its log." if late else "",
    )


async def _check_secret_key(connection: Connection, secret: str | None) -> Check:
    """See that what is sealed in this database can be opened with the secret key that is set."""
    kept = await connection.fetchval("SELECT key_id FROM secret_key")
    name = "secret key"
    if secret is None:
        return Check(
            name=name,
            verdict="warn" if kept is None else "fail",
            found="none is set",
            mend=f"Set {variable_of('secret_key')}, the same for every process of this installation.",
        )
    if kept is None:
        return Check(name=name, verdict="ok", found="set; nothing is sealed with it yet")
    fits = kept == SecretKey(secret).key_id
    return Check(
        name=name,
        verdict="ok" if fits else "fail",
        found="fits this database" if fits else "what is in this database was sealed with another one",
        mend="" if fits else f"Set {variable_of('secret_key')} to the one it was sealed with.",
    )


_OF_THE_DATABASE: Sequence[tuple[str, Callable[[Connection], Awaitable[Check]]]] = (
    ("postgresql", _check_version),
    ("durability", _check_durability),
    ("schema", _check_schema),
    ("extensions", _check_extensions),
    ("rights", _check_rights),
    ("append-only", _check_triggers),
    ("room in the log", _check_room),
    ("mail", _check_mail),
    ("webhooks", _check_webhooks),
)


async def _check_projections(url: str) -> AsyncIterator[Check]:
    try:
        async with open_pool(url, name="doctor", size_max=1) as pool:
            live = {state.name: state for state in await states(pool) if state.generation == "live"}
    except asyncpg.PostgresError as error:
        yield Check(name="read models", verdict="fail", found=_brief(error), mend=sentence_for(error) or "")
        return
    for projection in REGISTRY:
        yield _check_projection(projection.name, live.get(projection.name))


def _check_projection(name: str, state: ProjectionState | None) -> Check:
    if state is None:
        found, mend = "never built", "Start a worker with `open-impact work`."
        return Check(name=name, verdict="warn", found=found, mend=mend)
    if state.poisoned_at is not None:
        return Check(
            name=name,
            verdict="fail",
            found=f"stopped before position {state.poisoned_at}: {state.poisoned_by}",
            mend=f"Upgrade to a release that can apply this event, then `open-impact projections rebuild {name}`.",
        )
    found = f"at position {state.position:,} of {state.head:,}"
    if state.holder is None:
        return Check(
            name=name,
            verdict="warn",
            found=f"{found}, and no worker holds it",
            mend="Start one with `open-impact work`.",
        )
    if state.lag_seconds > _LAG_SECONDS_MAX:
        return Check(
            name=name,
            verdict="warn",
            found=f"{found}, {state.lag_seconds:.0f} s behind",
            mend="See the worker's log; if it is only slow, it will catch up.",
        )
    return Check(name=name, verdict="ok", found=found)


async def check_valkey(url: str | None) -> Check:
    """See whether Valkey is there; without it everything works, only some of it later."""
    name = "valkey"
    if url is None:
        return Check(
            name=name,
            verdict="warn",
            found=f"{variable_of('redis_url')} is not set",
            mend="Set it to share limits and wake-ups between processes; nothing is lost without.",
        )
    try:
        async with redis.Redis.from_url(
            url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS
        ) as client:
            told = await client.info("server")
    except (RedisError, OSError, ValueError) as error:
        return Check(
            name=name,
            verdict="fail",
            found=f"{masked_url(url)}: {_brief(error)}",
            mend=f"Start the server, or correct {variable_of('redis_url')}; nothing is lost meanwhile.",
        )
    version = str(told.get("valkey_version") or told.get("redis_version"))
    is_enough = int(version.partition(".")[0]) >= VALKEY_OLDEST
    return Check(
        name=name,
        verdict="ok" if is_enough else "fail",
        found=f"version {version}",
        mend="" if is_enough else f"Upgrade the server to Redis or Valkey {VALKEY_OLDEST} or newer.",
    )
