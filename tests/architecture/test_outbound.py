"""Nobody speaks HTTP to another machine but through the one way out."""

import ast

import pytest

from tests.architecture.sources import files, name, tree

CLIENTS = {
    *("aiohttp", "anyio", "authlib.integrations", "h11", "h2", "http.client", "httpcore", "httpx", "httpx2"),
    *("requests", "ssrfguard", "urllib.request", "urllib3", "xmlrpc.client"),
}
EXCEPTED = {
    "app/access/identity_provider.py": {"authlib.integrations"},  # Its transport is the way out.
    "app/embedded/installation.py": {"http.client"},  # Asks our own web process on this machine.
}


def clients(module):
    """Name the HTTP clients that a module imports, with everything below them."""
    imported = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {client for client in CLIENTS for each in imported if f"{each}.".startswith(f"{client}.")}


@pytest.mark.parametrize(
    "file",
    [file for file in files("app", "domain", "events", "projections") if file.parent.name != "outbound"],
    ids=name,
)
def test_only_the_way_out_has_a_client(file):
    """What is not in app/outbound imports no HTTP client, and an exception that is needed no more is gone."""
    assert clients(tree(file)) == EXCEPTED.get(name(file), set())


@pytest.mark.parametrize(
    "planted",
    [
        *("import httpx", "import httpx as h", "from httpx import get", "from httpx._client import Client"),
        *("import urllib.request", "from urllib import request", "from urllib.request import urlopen"),
        *(
            "from http import client",
            "def f():\n    import requests",
            "from ssrfguard.httpx import AsyncClient",
        ),
        "from authlib.integrations.httpx_client import AsyncOAuth2Client",
    ],
)
def test_the_check_catches_what_is_planted(planted):
    """A client is found however it is imported."""
    assert clients(ast.parse(planted))


def test_the_check_leaves_others_alone():
    """Reading addresses and statuses is no speaking."""
    harmless = "from urllib.parse import urlsplit\nfrom http import HTTPStatus\nimport http\nfrom httpx_like import x"
    assert clients(ast.parse(harmless)) == set()
