"""The pages' static files: read once at start, told apart by content, cached by browsers for as long as they like."""

import hashlib
import mimetypes
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from msgspec import Struct

from app.http.compression import compressed, takes_gzip
from app.http.etags import is_unchanged

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=300"
_NAMED_BY_CONTENT = "dist/"
"""What was built stands here, each file named by its content."""
_TYPES = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2"}


class StaticFile(Struct, frozen=True):
    """A file's content, plain and packed, its type, and the tag of its content."""

    content: bytes
    packed: bytes
    media_type: str
    tag: str


def read_static_files(folder: Path) -> dict[str, StaticFile]:
    """Read all files of a folder, by their path in it."""
    return {
        path.relative_to(folder).as_posix(): _read(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed, _ = compressed(content, "gzip")
    return StaticFile(content, packed, media_type, hashlib.sha256(content).hexdigest()[:16])


def static_route(folder: Path) -> HTTPRouteHandler:
    """Serve a folder at `/static/`. Only what was there at start is served, so no path leads out of it.

    An address with a fingerprint (`?v=`), or of a file that is named by its content, stands for one content for ever;
    any other is asked for again.
    """
    files = read_static_files(folder)

    @get("/static/{name:path}", include_in_schema=False, sync_to_thread=False)
    def serve_static(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        name = name.lstrip("/")
        file = files.get(name)
        if file is None:
            raise NotFoundException
        packed = len(file.packed) < len(file.content) and takes_gzip(
            request.headers.get("accept-encoding", "")
        )
        etag = f'"{file.tag}-gzip"' if packed else f'"{file.tag}"'
        lasts = name.startswith(_NAMED_BY_CONTENT) or b"v=" in request.scope["query_string"]
        headers = {
            "etag": etag,
            "cache-control": _FOR_EVER if lasts else _FOR_A_WHILE,
            "vary": "accept-encoding",
        }
        if is_unchanged(request.headers.get("if-none-match"), etag):
            return Response(b"", status_code=304, headers=headers)
        if packed:
            return Response(
                file.packed, media_type=file.media_type, headers={**headers, "content-encoding": "gzip"}
            )
        return Response(file.content, media_type=file.media_type, headers=headers)

    return serve_static
