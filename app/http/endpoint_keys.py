"""The public keys of endpoints, for whoever is to check what they were sent."""

import hashlib
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get
from litestar.params import FromPath
from msgspec import Struct

from app.folding import folded
from app.http import webhook_examples as examples
from app.http.endpoint_view import registered
from app.http.etags import is_unchanged
from app.http.openapi import read_answers
from app.http.parameters import IfNoneMatch
from app.http.resources import ApiRequest, now, resources_of
from app.webhooks.signing import PublicKey, jwk_of
from domain.endpoint import ENDPOINT
from events.streams import endpoint_stream

JWK_SET_JSON = "application/jwk-set+json"
KEPT_SECONDS = 60
"""How long a set may be kept: a new key signs at once, so whoever finds no key for a signature soon finds it here."""


class PublicKeys(Struct, frozen=True, kw_only=True):
    """A JSON Web Key Set (RFC 7517) of the keys that sign now, the newest first."""

    keys: list[PublicKey]


class EndpointKeysController(Controller):
    """The routes of public keys."""

    path = "/api/v1/webhooks"
    tags = ("webhooks",)

    @get(
        "/{endpoint_id:uuid}/keys",
        operation_id="listPublicKeys",
        summary="The public keys of an endpoint",
        media_type=JWK_SET_JSON,
        responses=read_answers(PublicKeys, examples.PUBLIC_KEYS, 404, media_type=JWK_SET_JSON),
    )
    async def list_public_keys(
        self, request: ApiRequest, endpoint_id: FromPath[UUID], if_none_match: IfNoneMatch = None
    ) -> Response[Any]:
        """Read the public keys that sign what an endpoint is sent, as a JSON Web Key Set (RFC 7517, Ed25519 by RFC 8037).

        While keys change there are several, and every message has a signature `v1a` of each. A signature does not name
        its key, so try all; where none fits, read the set again, for there may be a new one.
        """
        found = await folded(resources_of(request).store, ENDPOINT, endpoint_stream(endpoint_id))
        state = registered(found.state)
        encoded = msgspec.json.encode(
            PublicKeys(keys=[jwk_of(key.public_key) for key in state.keys_at(now())])
        )
        etag = f'"{hashlib.sha256(encoded).hexdigest()[:16]}"'
        headers = {"cache-control": f"public, max-age={KEPT_SECONDS}", "etag": etag}
        if is_unchanged(if_none_match, etag):
            return Response(b"", status_code=304, headers=headers)
        return Response(encoded, media_type=JWK_SET_JSON, headers=headers)
