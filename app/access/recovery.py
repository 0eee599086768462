"""Recovery by an operator: somebody lost every passkey, so they get rid of them and begin again with their mailbox.

The operator has seen to it that it is them; nothing here can. So whoever it is about is told by mail.
"""

from msgspec import Struct

from app.access.accounts import Account
from app.mail.messages import render
from app.mail.outbox import Outbox
from app.notices import language_of
from events.connections import Pool, unavailable_when_lost
from projections.language import speaking


class Recovered(Struct, frozen=True, kw_only=True):
    """What was taken away from a person."""

    passkeys: int
    sessions: int
    tokens: int


async def recover(
    pool: Pool, outbox: Outbox, account: Account, *, public_url: str, sign_out: bool, end_tokens: bool
) -> Recovered:
    """Remove all passkeys of a person and tell them by mail, both or neither; on request end sessions and tokens too.

    No session of theirs counts as freshly proved any more. Where there is nothing to take away no mail is sent.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost(), pool.acquire() as connection, connection.transaction():

        async def changed(statement: str) -> int:
            return len(await connection.fetch(statement, account.person_id))

        passkeys = await changed(
            "UPDATE passkeys SET revoked_at = now() WHERE person_id = $1 AND revoked_at IS NULL RETURNING 1"
        )
        await changed("DELETE FROM passkey_challenges WHERE person_id = $1 RETURNING 1")
        # Half an hour is older than any proof that is asked for.
        await changed(
            "UPDATE sessions SET proved_at = least(proved_at, now() - interval '30 minutes') WHERE person_id = $1"
            " AND revoked_at IS NULL RETURNING 1"
        )
        sessions = tokens = 0
        if sign_out:
            sessions = await changed(
                "UPDATE sessions SET revoked_at = now() WHERE person_id = $1 AND revoked_at IS NULL RETURNING 1"
            )
        if end_tokens:
            tokens = await changed(
                "UPDATE tokens SET revoked_at = now() WHERE person_id = $1 AND revoked_at IS NULL RETURNING 1"
            )
        recovered = Recovered(passkeys=passkeys, sessions=sessions, tokens=tokens)
        if passkeys or sessions or tokens:
            link = f"{public_url.rstrip('/')}/sign-in?next=/me/passkeys"
            with speaking(await language_of(connection, account.person_id)):
                message = render("recovered", to=account.email, link=link, recovered=recovered)
            await outbox.post(connection, message)
    return recovered
