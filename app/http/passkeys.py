"""Passkeys over HTTP: make and keep them, sign in by them, and show in a session that it is still you.

Options go out and what the browser's `navigator.credentials` made of them comes back, both in the JSON of Web
Authentication Level 3. Only sessions do this: a token must not be able to make itself a person.
"""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.exceptions import NotAuthorizedException
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from app.access import accounts, sessions
from app.access.actor import Actor, Proof
from app.access.passkeys import Passkey
from app.access.policy import FRESH_FOR
from app.access.signing_in import note_verified
from app.http import examples
from app.http.bodies import strictly
from app.http.cookies import (
    PASSKEY,
    cookie_in,
)
from app.http.guards import require_fresh
from app.http.openapi import documented, read_answers, write_answers
from app.http.passkey_bodies import NewPasskey, PasskeyName, ShownPasskey, as_json
from app.http.resources import ApiRequest, Resources, actor_of, cause_of, now, resources_of
from app.http.session_begin import let_in

_WITHOUT_KEY = (422,)
_WITHOUT_BODY = (413, 422)


class PasskeyOptions(Struct, frozen=True, kw_only=True):
    """What to hand to `navigator.credentials.create` or `.get`, by way of `parseCreationOptionsFromJSON` or
    `parseRequestOptionsFromJSON`; good once, for five minutes.
    """

    options: dict[str, Any]


class PasskeyList(Struct, frozen=True, kw_only=True):
    """One's passkeys, the newest first."""

    items: list[Passkey]
    next_cursor: str | None = None


class SignedIn(Struct, frozen=True, kw_only=True):
    """Who is signed in now; the session is in the cookie."""

    person_id: UUID


class Proved(Struct, frozen=True, kw_only=True):
    """How it was shown that it is you, and until when that is fresh."""

    proved_by: Proof
    fresh_until: datetime


class PasskeyController(Controller):
    """The routes of one's passkeys."""

    path = "/api/v1/me/passkeys"
    tags = ("people",)

    @get(
        operation_id="listPasskeys",
        summary="My passkeys",
        responses=read_answers(PasskeyList, examples.PASSKEYS),
    )
    async def list_passkeys(self, request: ApiRequest) -> PasskeyList:
        """List one's passkeys. One with `set_aside_at` counted backwards: there may be a copy of it; remove it."""
        return PasskeyList(items=await resources_of(request).passkeys.of_person(actor_of(request).person_id))

    @post(
        "/options",
        status_code=200,
        operation_id="beginPasskey",
        summary="Begin to add a passkey",
        responses=write_answers(PasskeyOptions, examples.PASSKEY_OPTIONS, without=(400, *_WITHOUT_BODY)),
    )
    async def begin(self, request: ApiRequest) -> PasskeyOptions:
        """Ask for the options with which a browser makes a passkey.

        The first passkey needs a proof, of any kind, not older than five minutes; each further one needs a passkey.
        """
        resources, actor = resources_of(request), actor_of(request)
        await _may_add(resources, actor)
        account = await accounts.by_id(resources.pool, actor.person_id)
        if account is None:
            raise NotAuthorizedException(detail="This account is no more; sign in again.")
        options = await resources.passkeys.adding(
            actor.person_id, name=account.name, email=account.email, session_id=actor.credential_id
        )
        return PasskeyOptions(options=options)

    @post(
        status_code=201,
        operation_id="addPasskey",
        summary="Add a passkey",
        before_request=strictly(NewPasskey),
        operation_class=documented(examples.NEW_PASSKEY),
        responses=write_answers(Passkey, examples.PASSKEY, status=201, without=_WITHOUT_KEY),
    )
    async def add(self, request: ApiRequest, data: JSONBody[NewPasskey]) -> Passkey:
        """Add the passkey that the browser made of the options."""
        resources, actor = resources_of(request), actor_of(request)
        await _may_add(resources, actor)
        added = await resources.passkeys.add(
            actor.person_id, as_json(data.credential), name=data.name.strip(), session_id=actor.credential_id
        )
        await _verified(request, actor.person_id)
        return added

    @patch(
        "/{passkey_id:uuid}",
        operation_id="renamePasskey",
        summary="Rename a passkey",
        before_request=strictly(PasskeyName),
        operation_class=documented({"name": "My phone"}),
        responses=write_answers(Passkey, examples.PASSKEY, 404, without=_WITHOUT_KEY),
    )
    async def rename(
        self, request: ApiRequest, passkey_id: FromPath[UUID], data: JSONBody[PasskeyName]
    ) -> Passkey:
        """Give a passkey another name."""
        person_id = actor_of(request).person_id
        return await resources_of(request).passkeys.rename(person_id, passkey_id, data.name.strip())

    @delete(
        "/{passkey_id:uuid}",
        status_code=200,
        operation_id="removePasskey",
        summary="Remove a passkey",
        responses=write_answers(PasskeyList, {"items": [], "next_cursor": None}, 404, without=_WITHOUT_BODY),
    )
    async def remove(self, request: ApiRequest, passkey_id: FromPath[UUID]) -> PasskeyList:
        """Remove a passkey, and list those that are left: it lets nobody in any more. Doing so again changes nothing."""
        passkeys, person_id = resources_of(request).passkeys, actor_of(request).person_id
        await passkeys.remove(person_id, passkey_id)
        return PasskeyList(items=await passkeys.of_person(person_id))


class PasskeySignInController(Controller):
    """The routes of signing in by passkey."""

    path = "/api/v1/sign-in/passkey"
    tags = ("people",)

    @post(
        "/options",
        status_code=200,
        operation_id="beginPasskeySignIn",
        summary="Begin to sign in by passkey",
        responses=write_answers(PasskeyOptions, examples.SHOW_OPTIONS, without=(400, 403, *_WITHOUT_BODY)),
    )
    async def begin(self, request: ApiRequest) -> Response[PasskeyOptions]:
        """Ask for the options with which a browser looks for a passkey; it takes no address. A cookie binds the
        answer to this browser.
        """
        resources, word = resources_of(request), secrets.token_urlsafe(32)
        options = PasskeyOptions(options=await resources.passkeys.signing_in(browser=word))
        return Response(options, cookies=[PASSKEY.holding(word, https=resources.is_https)])

    @post(
        status_code=200,
        operation_id="signInByPasskey",
        summary="Sign in by passkey",
        before_request=strictly(ShownPasskey),
        operation_class=documented(examples.SHOWN_PASSKEY),
        responses=write_answers(SignedIn, examples.SIGNED_IN, 404, without=(403, *_WITHOUT_KEY)),
    )
    async def sign_in(self, request: ApiRequest, data: JSONBody[ShownPasskey]) -> Response[SignedIn]:
        """Sign in by the passkey that the browser showed; the session comes as a cookie."""
        resources = resources_of(request)
        name = PASSKEY.name(https=resources.is_https)
        browser = cookie_in(request.scope["headers"], name) or ""
        person_id = await resources.passkeys.sign_in(as_json(data.credential), browser=browser)
        await _verified(request, person_id)
        cookies = await let_in(request, person_id, "passkey")
        return Response(
            SignedIn(person_id=person_id), cookies=[*cookies, PASSKEY.holding("", https=resources.is_https)]
        )


class StepUpController(Controller):
    """The routes of showing in a session that it is still the same person."""

    path = "/api/v1/me/step-up"
    tags = ("people",)

    @post(
        "/options",
        status_code=200,
        operation_id="beginStepUp",
        summary="Begin to prove that it is you",
        responses=write_answers(PasskeyOptions, examples.SHOW_OPTIONS, without=(400, *_WITHOUT_BODY)),
    )
    async def begin(self, request: ApiRequest) -> PasskeyOptions:
        """Ask for the options with which a browser shows one of your passkeys."""
        actor = actor_of(request)
        passkeys = resources_of(request).passkeys
        return PasskeyOptions(options=await passkeys.proving(actor.person_id, session_id=actor.credential_id))

    @post(
        status_code=200,
        operation_id="stepUp",
        summary="Prove that it is you",
        before_request=strictly(ShownPasskey),
        operation_class=documented(examples.SHOWN_PASSKEY),
        responses=write_answers(Proved, examples.PROVED, 404, without=_WITHOUT_KEY),
    )
    async def prove(self, request: ApiRequest, data: JSONBody[ShownPasskey]) -> Proved:
        """Show one of your passkeys; for five minutes this session may do what asks for a fresh proof."""
        resources, actor = resources_of(request), actor_of(request)
        await resources.passkeys.prove(
            actor.person_id, as_json(data.credential), session_id=actor.credential_id
        )
        await sessions.prove(resources.pool, actor.credential_id, "passkey")
        resources.sessions.forget()
        return Proved(proved_by="passkey", fresh_until=now() + FRESH_FOR)


async def _may_add(resources: Resources, actor: Actor) -> None:
    """Ask for a strong proof where there could be one: who reads somebody's mail must not add a passkey of theirs."""
    if await resources.passkeys.has_any(actor.person_id):
        require_fresh(resources, actor)


async def _verified(request: ApiRequest, person_id: UUID) -> None:
    """Note that a person has a passkey; what was noted before, or missed by a process that ended, is made up for."""
    resources = resources_of(request)
    name = await accounts.name_of(resources.pool, person_id)
    if name is None:
        return
    cause = cause_of(request, person_id)
    await note_verified(resources.handler, person_id, name=name, how="passkey", cause=cause)
