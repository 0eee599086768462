"""What lets a browser install the site and read pages it has seen without a connection: manifest, worker, a page."""

from functools import cache
from hashlib import sha256

import msgspec
from litestar import Response, get

from app.web.built_files import STATIC, built_files
from app.web.colours import themes
from app.web.icons import ICONS, TOUCH, icon_href, show_icon
from app.web.showing import PageRequest, show
from app.web.templating import TEMPLATES, static
from projections.language import gettext as _
from projections.language import language

_FOR_A_DAY = "public, max-age=86400"


@get("/manifest.webmanifest", include_in_schema=False, sync_to_thread=False)
def show_manifest() -> Response[bytes]:
    """Say how the site is installed: its name, its icon and its colours (W3C, Web Application Manifest)."""
    headers = {"cache-control": _FOR_A_DAY, "vary": "Accept-Language, Cookie"}
    return Response(_manifest(language().tag), media_type="application/manifest+json", headers=headers)


@get("/service-worker.js", include_in_schema=False, sync_to_thread=False)
def show_service_worker() -> Response[bytes]:
    """Give the worker that keeps pages for reading without a connection; its address covers the whole site."""
    return Response(_worker(), media_type="text/javascript", headers={"cache-control": "no-cache"})


@get("/offline", include_in_schema=False)
async def show_offline(request: PageRequest) -> Response[bytes]:
    """Say that there is no connection, and which pages can be read all the same."""
    return await show(request, "offline.html", None)


INSTALLING = (show_manifest, show_icon, show_service_worker, show_offline)


@cache
def _manifest(tag: str) -> bytes:  # noqa: ARG001  # What is kept for one language is not told in another.
    colours = themes((STATIC / built_files()["styles/site.css"]).read_text(encoding="utf-8"))[0]
    icons: list[dict[str, str]] = [{"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    icons += [
        {
            "src": icon_href(name),
            "sizes": f"{kind.pixels}x{kind.pixels}",
            "type": "image/png",
            "purpose": "maskable" if kind.scale < 1 else "any",
        }
        for name, kind in ICONS.items()
        if name != TOUCH
    ]
    return msgspec.json.encode(
        {
            "id": "/",
            "name": "Open Impact",
            "short_name": "Open Impact",
            "description": _(
                "Ideas for better support, care and community, on their way to becoming services."
            ),
            "lang": language().lang,
            "dir": language().direction,
            "start_url": "/",
            "scope": "/",
            "display": "minimal-ui",
            "background_color": colours["paper"],
            "theme_color": colours["surface"],
            "icons": icons,
        }
    )


@cache
def _worker() -> bytes:
    """Give the built worker, marked with what it fetches once, so that browsers take a new one when that changes."""
    made_of = repr(sorted(built_files().items())).encode()
    made_of += b"".join((TEMPLATES / name).read_bytes() for name in ("base.html", "offline.html"))
    mark = f"// {sha256(made_of).hexdigest()[:16]}\n".encode()
    return mark + (STATIC / built_files()["scripts/service-worker.ts"]).read_bytes()
