"""Beginning a session, in whatever way somebody showed who they are."""

from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import Cookie

from app.access import sessions
from app.access.actor import Proof
from app.http.cookies import SESSION
from app.http.languages import asked_for, chosen_in, kept_in
from app.http.resources import resources_of, visitor_of
from app.notices import keep_language


async def let_in(request: Request[Any, Any, Any], person_id: UUID, proved_by: Proof) -> list[Cookie]:
    """Let a person in, and give the cookies that their browser gets.

    The present session is proved anew when it is theirs; otherwise a new one begins, and another's ends. From now on
    they are written to in the language that their browser chose; one that it merely asks for is kept if none is known.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    resources, actor = resources_of(request), visitor_of(request)
    chosen = chosen_in(request.scope) or kept_in(request.scope, https=resources.is_https)
    await keep_language(
        resources.pool, person_id, chosen or asked_for(request.scope), unless_known=chosen is None
    )
    if actor is not None and actor.via == "session":
        if actor.person_id == person_id:
            await sessions.prove(resources.pool, actor.credential_id, proved_by)
            resources.sessions.forget()
            return []
        await sessions.revoke(resources.pool, person_id=actor.person_id, session_id=actor.credential_id)
        resources.sessions.forget()
    device = request.headers.get("user-agent", "").replace("\0", "")
    secret = await sessions.begin(resources.pool, person_id=person_id, proved_by=proved_by, device=device)
    return [SESSION.holding(secret, https=resources.is_https)]
