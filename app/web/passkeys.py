"""The pages of passkeys: see, name and remove one's own, and confirm that it is still you.

Making and showing a passkey needs the browser's own script; the rest is forms.
"""

from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from app.access import accounts
from app.access.passkeys import NAME_LENGTH_MAX
from app.http.forms import form_of
from app.http.problems import MalformedError
from app.http.resources import actor_of, resources_of
from app.web.addresses import local_path
from app.web.passkey_views import ConfirmItIsYouPage, PasskeysPage
from app.web.showing import PageRequest, seen_elsewhere, show
from projections.language import gettext as _

MINE = "/me/passkeys"


@get(MINE, include_in_schema=False)
async def show_passkeys(request: PageRequest) -> Response[bytes]:
    """Show one's passkeys, and how to add one."""
    kept = await resources_of(request).passkeys.of_person(actor_of(request).person_id)
    return await show(request, "passkeys.html", PasskeysPage(passkeys=tuple(kept)))


@post(f"{MINE}/{{passkey_id:uuid}}/rename", include_in_schema=False)
async def rename_my_passkey(request: PageRequest, passkey_id: FromPath[UUID]) -> Response[bytes]:
    """Give a passkey another name."""
    name = (await form_of(request)).get("name", "").strip()
    if not 0 < len(name) <= NAME_LENGTH_MAX or "\0" in name:
        raise MalformedError.of("name", _("A name has 1 to %(most)s characters.", most=NAME_LENGTH_MAX))
    await resources_of(request).passkeys.rename(actor_of(request).person_id, passkey_id, name)
    return seen_elsewhere(MINE)


@post(f"{MINE}/{{passkey_id:uuid}}/remove", include_in_schema=False)
async def remove_my_passkey(request: PageRequest, passkey_id: FromPath[UUID]) -> Response[bytes]:
    """Remove a passkey."""
    await resources_of(request).passkeys.remove(actor_of(request).person_id, passkey_id)
    return seen_elsewhere(MINE)


@get("/me/confirm", include_in_schema=False)
async def show_confirm(request: PageRequest) -> Response[bytes]:
    """Ask for a proof that it is you, and lead back afterwards.

    A link will do where the installation says so, and for somebody without a passkey who wants to add their first.
    """
    resources, person_id = resources_of(request), actor_of(request).person_id
    wanted = local_path(request.query_params.get("next", "/me"))
    has_passkey = await resources.passkeys.has_any(person_id)
    by_link = resources.link_is_enough or (not has_passkey and wanted == MINE)
    account = await accounts.by_id(resources.pool, person_id) if by_link else None
    page = ConfirmItIsYouPage(
        next=wanted, has_passkey=has_passkey, email=None if account is None else account.email
    )
    return await show(request, "confirm.html", page, headers={"cache-control": "no-store"})


PASSKEYS = (show_passkeys, rename_my_passkey, remove_my_passkey, show_confirm)
