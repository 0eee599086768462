"""Requests that are wrong in every way we can think of, made from the API's own description and the pages' forms.

They are sent as bytes, because clients refuse to write most of them.
"""

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from app.web.templating import TEMPLATES
from events.streams import new_id
from tests.http.matrix import Operation

PATIENCE_SECONDS = 20.0
LONG, LONGER = 10_000, 1_000_000
NESTED = 2_000
_MARK = "what is put here is wrong"
_FORM = re.compile(r'<form[^>]*\saction="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
_FIELD = re.compile(r'\sname="([a-z_]+)"')
_CHOSEN = re.compile(r'<input[^>]*\stype="(?:hidden|checkbox|radio)"[^>]*>')
"""What nobody types: a page may take what is wrong with it for nothing said."""

WORDS = {
    "NUL": b'"a\\u0000b"',
    "long": b'"' + b"x" * LONG + b'"',
    "longer": b'"' + b"x" * LONGER + b'"',
    "a lone surrogate": b'"\\ud800"',
    "no UTF-8": b'"\xff"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "NaN": b"NaN",
    "Infinity": b"-Infinity",
    "a huge number": b"9" * 400,
    "a huge power": b"1e99999",
    "nested": b"[" * NESTED + b"]" * NESTED,
    "an object": b'{"a": {}}',
    "true": b"true",
    "unclosed": b'"',
}
NUMBERS = {
    "NaN": b"NaN",
    "Infinity": b"Infinity",
    "a huge number": b"9" * 400,
    "a huge power": b"1e99999",
    "less than nothing": b"-1",
    "a fraction": b"1.5",
    "a word": b'"1"',
    "nested": b"[" * NESTED + b"]" * NESTED,
    "leading zeros": b"007",
}
BODIES = {
    "null": b"null",
    "a list": b"[]",
    "a word": b'"text"',
    "a brace": b"{",
    "nothing but blanks": b"   ",
    "no UTF-8": b"\xff\xfe\x00",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "nested lists": b"[" * 100_000,
    "nested objects": b'{"a":' * 40_000,
    "NaN": b"NaN",
    "longer": b"x" * LONGER,
    "a NUL": b"\0",
    "an unknown field": b'{"no such field": 1}',
    "a field without a name": b'{"": 1}',
    "a surrogate for a name": b'{"\\ud800": 1}',
}
TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "nonsense",
)
IN_ADDRESSES = {
    "NUL": "%00",
    "long": "x" * LONG,
    "no UTF-8": "%FF",
    "a surrogate": "%ED%A0%80",
    "an overlong slash": "%C0%AF",
}
ODD_IN_ADDRESSES = {
    "dots": "..%2f..%2fetc",
    "half an escape": "%",
    "no escape": "%zz",
    "digits": "9" * 400,
    "NaN": "NaN",
    "a minus": "-1",
}
FORMS = {
    "no UTF-8": b"name=\xff&email=\xff&code=\xff&token=\xff&label=\xff&reason=\xff",
    "no UTF-8, escaped": b"name=%FF&email=%FF&code=%FF&token=%FF&label=%FF&reason=%FF",
    "longer": b"name=" + b"x" * LONGER,
    "many fields": b"&".join(b"f%d=1" % number for number in range(1_000)),
    "nothing": b"",
}
ALL_LEFT_OUT = {"reopen_my_idea"}
"""Whose forms may be sent with every field left empty."""
OF_PAGES = ("q", "theme", "sort", "cursor", "min_position", "next")
TWICE = (b"authorization", b"content-type", b"idempotency-key", b"host")


class Ill(Struct, frozen=True, kw_only=True):
    """A request that is wrong, what is wrong with it, and whether it must be refused: some of it nobody looks at."""

    what: str
    method: str
    path: str
    body: bytes | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()
    must_fail: bool = True


class Answered(Struct, frozen=True):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def ill_bodies(operation: Operation, path: str, example: Any) -> Iterator[Ill]:
    """Make bodies of an operation that takes JSON: each field wrong in every way, and all of it."""
    whole = Ill(
        what="", method=operation.method, path=path, headers=((b"content-type", b"application/json"),)
    )
    for place, leaf, marked in _marked(example):
        kinds = NUMBERS if isinstance(leaf, int) else WORDS
        for what, raw in kinds.items():
            body = json.dumps(marked).encode().replace(json.dumps(_MARK).encode(), raw)
            yield replace(whole, what=f"{place}: {what}", body=body)
    for what, body in BODIES.items():
        yield replace(whole, what=what, body=body)
    good = json.dumps(example).encode()
    first = json.dumps(next(iter(example))).encode()
    yield replace(whole, what="a field twice", body=b"{%s: 1, %s" % (first, good[1:]))
    yield replace(whole, what="a field twice, alike", body=good[:-1] + b", " + good[1:])
    for kind in TYPES:
        yield replace(whole, what=kind, body=good, headers=((b"content-type", kind.encode()),))


def ill_forms(operation: Operation, path: str) -> Iterator[Ill]:
    """Make forms of a page: every field wrong at once, and what is no form at all."""
    looked_at = has_fields(operation.path)
    form = Ill(
        what="",
        method=operation.method,
        path=path,
        headers=((b"content-type", b"application/x-www-form-urlencoded"),),
        must_fail=looked_at,
    )
    for what, value in {"NUL": "a\0b", "long": "x" * LONG, "blank": "  "}.items():
        body = "&".join(f"{name}={quote(value)}" for name in sorted(ALL_FIELDS)).encode()
        yield replace(form, what=f"fields: {what}", body=body)
    for what, body in FORMS.items():
        may_be_empty = what == "nothing" and operation.name in ALL_LEFT_OUT
        yield replace(form, what=what, body=body, must_fail=looked_at and not may_be_empty)
    yield replace(
        form,
        what="a field twice",
        body=b"&".join(b"%s=1&%s=2" % (n.encode(), n.encode()) for n in sorted(ALL_FIELDS)),
    )
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        yield replace(form, what=kind, body=b'{"name": "Ada"}', headers=((b"content-type", kind.encode()),))


def ill_addresses(
    operation: Operation, filled: dict[str, str], parameters: Sequence[str] | None
) -> Iterator[Ill]:
    """Make addresses: each part and each parameter wrong in every way. Pages name none, and leave wrong ones out."""
    for name in re.findall(r"{([a-z_]+)", operation.path):
        for wrong, must_fail in ((IN_ADDRESSES, True), (ODD_IN_ADDRESSES, operation.method != "GET")):
            for what, value in wrong.items():
                path = path_of(operation, {**filled, name: value})
                yield Ill(what=f"{name}: {what}", method=operation.method, path=path, must_fail=must_fail)
    path = path_of(operation, filled)
    if operation.method != "GET":
        return
    for name in OF_PAGES if parameters is None else parameters:
        for what, value in IN_ADDRESSES.items():
            yield Ill(
                what=f"?{name}: {what}",
                method="GET",
                path=f"{path}?{name}={value}",
                must_fail=parameters is not None,
            )
        for what, value in ODD_IN_ADDRESSES.items():
            yield Ill(what=f"?{name}: {what}", method="GET", path=f"{path}?{name}={value}", must_fail=False)
        yield Ill(what=f"?{name} twice", method="GET", path=f"{path}?{name}=1&{name}=2", must_fail=False)
    for what in ("no UTF-8", "a surrogate", "an overlong slash"):
        yield Ill(what=f"?: {what}", method="GET", path=f"{path}?none={IN_ADDRESSES[what]}")
        yield Ill(what=f"?name: {what}", method="GET", path=f"{path}?{IN_ADDRESSES[what]}=1")


_HEADERS = (
    *(b"if-match", b"if-none-match", b"accept", b"cookie", b"user-agent", b"last-event-id"),
    *(b"x-forwarded-for", b"x-request-id", b"accept-encoding", b"accept-language", b"range", b"expect"),
)


def ill_headers(operation: Operation, path: str) -> Iterator[Ill]:
    """Make headers: those that are looked at must be refused, the rest may be left out."""
    bare = Ill(what="", method=operation.method, path=path, must_fail=False)
    for what, value in {"no UTF-8": b"\xff\xfe", "long": b"x" * LONG, "blank": b"", "NaN": b"NaN"}.items():
        for name in _HEADERS:
            yield replace(bare, what=f"{name.decode()}: {what}", headers=((name, value),))
        known = operation.rule.who in {"person", "operator"}
        yield replace(
            bare,
            what=f"authorization: {what}",
            headers=((b"authorization", b"Bearer " + value),),
            must_fail=known and value != b"",
        )
    for name in TWICE:
        yield replace(
            bare, what=f"{name.decode()} twice", headers=((name, b"a"), (name, b"b")), must_fail=True
        )


def has_fields(path: str) -> bool:
    """Tell whether a form of ours that is sent to a path has fields."""
    return any(re.fullmatch(action, re.sub(r"{[^}]*}", "x", path)) for action in _ACTIONS)


def path_of(operation: Operation, filled: dict[str, str]) -> str:
    """Fill an operation's path, parts as they are to be sent; what has no name here is something that is not there."""
    return re.sub(r"{([a-z_]+)[^}]*}", lambda name: filled.get(name[1], str(new_id())), operation.path)


async def send(port: int, request: Ill, headers: tuple[tuple[bytes, bytes], ...]) -> Answered:
    """Send a request as it is, on a connection of its own, and read what comes back.

    Raises:
        TimeoutError: nothing came in time.
    """
    named = {name for name, _ in request.headers}
    fields = [
        (b"connection", b"close"),
        *(each for each in headers if each[0] not in named),
        *request.headers,
    ]
    if b"host" not in named:
        fields.insert(0, (b"host", b"127.0.0.1:%d" % port))
    if request.body is not None:
        fields.append((b"content-length", b"%d" % len(request.body)))
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), request.path.encode())]
    head = b"\r\n".join([*lines, *(name + b": " + value for name, value in fields), b"", b""])
    async with asyncio.timeout(PATIENCE_SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        sending = asyncio.create_task(_written(writer, head + (request.body or b"")))
        try:
            return await _read(reader, request.method)
        finally:
            sending.cancel()
            writer.transport.abort()


async def _written(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


async def _read(reader: asyncio.StreamReader, method: str) -> Answered:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    status, length = int(first.split()[1]), headers.get("content-length")
    is_endless = headers.get("content-type", "").startswith("text/event-stream")
    if method == "HEAD" or is_endless:
        return Answered(status, headers, b"")
    return Answered(status, headers, await (reader.readexactly(int(length)) if length else reader.read()))


def _marked(value: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Go through an example, and give each field's place, what stands there, and the example with a mark there."""
    match value:
        case dict():
            for name, part in value.items():
                for where, leaf, marked in _marked(part, f"{place}.{name}"):
                    yield where, leaf, {**value, name: marked}
        case [first, *others]:
            for where, leaf, marked in _marked(first, f"{place}[0]"):
                yield where, leaf, [marked, *others]
        case _:
            yield place, value, _MARK


def _forms() -> list[tuple[str, set[str]]]:
    """Read every form of our templates: a pattern of where it is sent, and the names of its fields."""
    found = []
    for template in sorted(TEMPLATES.glob("*.html")):
        for action, inside in _FORM.findall(template.read_text()):
            written = re.sub(r"{{.*?}}", "\0", action)
            # An action that is made elsewhere as a whole tells nothing of where it goes.
            if written.strip("\0"):
                pattern = re.escape(written[:1]).replace("\0", "[^?]*") + re.escape(written[1:])
                found.append((pattern.replace("\0", "[^/?]*"), set(_FIELD.findall(_CHOSEN.sub("", inside)))))
    return found


ALL_FIELDS = {name for template in TEMPLATES.glob("*.html") for name in _FIELD.findall(template.read_text())}
_ACTIONS = [action for action, fields in _forms() if fields]
