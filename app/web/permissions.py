"""The page that says who may do what, made from the table that is asked for every request."""

from litestar import Response, get
from msgspec import Struct

from app.http.permissions import Permission, permissions
from app.web.showing import PageRequest, show


class PermissionsPage(Struct, frozen=True, kw_only=True):
    """Who may do what, by subject."""

    subjects: dict[str, list[Permission]]


@get("/about/permissions", include_in_schema=False)
async def show_permissions(request: PageRequest) -> Response[bytes]:
    """Show who may do what, from the table that is asked."""
    subjects: dict[str, list[Permission]] = {}
    for each in permissions(request.app):
        subjects.setdefault(each.subject, []).append(each)
    return await show(request, "permissions.html", PermissionsPage(subjects=subjects))
