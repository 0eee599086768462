"""The API's documentation as a page of our own, made from the OpenAPI document; nothing comes from elsewhere."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from litestar import Litestar, Request, Response, get
from markupsafe import Markup, escape
from msgspec import Struct

from app.web.templating import environment

_HERE = Path(__file__).parent
_METHODS = ("get", "post", "put", "patch", "delete")


class Shown(Struct, frozen=True, kw_only=True):
    """An operation as the page shows it; examples are indented JSON, or empty."""

    method: str
    path: str
    operation_id: str
    summary: str
    description: str
    scope: str
    parameters: list[dict[str, Any]]
    takes: str
    answers: str
    problems: list[tuple[str, str]]


class Chapter(Struct, frozen=True, kw_only=True):
    """The operations on one subject."""

    name: str
    description: str
    operations: list[Shown]


@get("/api/docs", include_in_schema=False, media_type="text/html", sync_to_thread=False)
def show_docs(request: Request[Any, Any, Any]) -> Response[str]:
    """Show every operation of the API."""
    return Response(_page(request.app), media_type="text/html")


@lru_cache(maxsize=4)
def _page(app: Litestar) -> str:
    document = app.openapi_schema.to_schema()
    return _templates().get_template("docs.html").render(document=document, chapters=chapters(document))


def _templates() -> Environment:
    base = environment()
    assert base.loader is not None  # noqa: S101  # The pages have one.
    made = base.overlay(loader=ChoiceLoader([FileSystemLoader(_HERE), base.loader]))
    made.filters = {**base.filters, "marked": marked}
    return made


def marked(text: str) -> Markup:
    """Mark up what stands between backticks as code; all else is plain text."""
    pieces = (escape(piece) for piece in text.split("`"))
    return Markup().join(
        Markup("<code>{}</code>").format(piece) if number % 2 else piece
        for number, piece in enumerate(pieces)
    )


def chapters(document: dict[str, Any]) -> list[Chapter]:
    """Sort the operations of an OpenAPI document by subject, in the order the subjects are listed."""
    shown: dict[str, list[Shown]] = {}
    for path, item in sorted(document["paths"].items()):
        for method in _METHODS:
            if (operation := item.get(method)) is not None:
                shown.setdefault(operation["tags"][0], []).append(_shown(method, path, operation))
    return [
        Chapter(name=tag["name"], description=tag["description"], operations=shown[tag["name"]])
        for tag in document["tags"]
        if tag["name"] in shown
    ]


def _shown(method: str, path: str, operation: dict[str, Any]) -> Shown:
    responses = sorted(operation["responses"].items())
    needs = operation.get("security", [])
    scopes = [scope for need in needs for needed in need.values() for scope in needed]
    return Shown(
        method=method.upper(),
        path=path,
        operation_id=operation["operationId"],
        summary=operation["summary"],
        description=operation.get("description", ""),
        scope=", ".join(scopes) or ("any" if needs and {} not in needs else ""),
        parameters=operation.get("parameters", []),
        takes=_example(operation.get("requestBody")),
        answers=next((_example(answer) for status, answer in responses if status < "300"), ""),
        problems=[(status, answer["description"]) for status, answer in responses if status >= "400"],
    )


def _example(body: dict[str, Any] | None) -> str:
    """Write the example of a body or an answer; empty when it has none."""
    for media in ((body or {}).get("content") or {}).values():
        for example in (media.get("examples") or {}).values():
            if example.get("value"):
                return msgspec.json.format(msgspec.json.encode(example["value"]), indent=2).decode()
    return ""
