"""An identity provider on loopback that does as the standard says, or wrongly in any one way a test asks for."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jws, jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT_ID = "open-impact-tests"
CLIENT_SECRET = "the-client-secret-of-the-tests"
ACCESS_TOKEN = "an-access-token-of-the-tests"
CALLBACK = "http://testserver/sign-in/oidc/callback"


class StandIn:
    """What the provider says; tests change what they want to be wrong."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = _first_key()
        self.published = [self.key]
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.document: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.status: dict[str, int] = {}
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}

    def signed(self, claims: dict[str, Any]) -> str:
        """Sign as a provider does."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def unsigned(self, claims: dict[str, Any]) -> str:
        """Write a token with `alg: none`."""
        header, payload = ({"alg": "none", "kid": self.key.kid}, claims)
        return ".".join([*(_encoded(json.dumps(part).encode()) for part in (header, payload)), ""])

    def signed_with_the_public_key(self, claims: dict[str, Any]) -> str:
        """Sign with a secret that everybody knows: the public key."""
        secret = OctKey.import_key(base64.b64encode(self.key.as_pem(private=False)))
        registry = jws.JWSRegistry(algorithms=["HS256"])
        return jwt.encode({"alg": "HS256", "kid": self.key.kid}, claims, secret, registry=registry)

    def signed_by_another(self, claims: dict[str, Any]) -> str:
        """Sign with a key of somebody else under our key's name."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, RSAKey.generate_key(2048))

    def code_for(self, address: str) -> dict[str, str]:
        """Let the person in who comes to an address, and give the parameters they are sent back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == CALLBACK
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Answer a request."""
        self.asked.append(path)
        if path in self.status:
            return self.status[path], {}
        match path:
            case "/.well-known/openid-configuration":
                return 200, self._document()
            case "/keys":
                return 200, dict(KeySet(self.published).as_dict(private=False))
            case "/userinfo" if authorization == f"Bearer {ACCESS_TOKEN}":
                return 200, self.userinfo
            case "/token":
                return self._token(sent, authorization)
            case _:
                return 404, {}

    def _document(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            **self.document,
        }

    def _token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(sent.get("code", ""), None)
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if authorization != f"Basic {expected}":
            return 401, {"error": "invalid_client"}
        challenge = _encoded(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        if asked is None or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant", "error_description": f"No {sent.get('code')}."}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "ada",
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            "email": "ada@example.org",
            "email_verified": True,
            "name": "Ada Sample",
            **self.claims,
        }
        token = self.sign({name: value for name, value in claims.items() if value is not None})
        return 200, {
            "access_token": ACCESS_TOKEN,
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": token,
        }


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Run a provider on a free port of this machine."""
    made: list[StandIn] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, sent: dict[str, str]) -> None:
            status, content = made[0].answer(self.path, sent, self.headers.get("authorization", ""))
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            if status in {302, 307}:
                self.send_header("location", f"{made[0].issuer}/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # The library names it so.
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.append(StandIn(f"http://127.0.0.1:{server.server_port}"))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield made[0]
        finally:
            server.shutdown()
            thread.join()


@cache
def _first_key() -> RSAKey:
    """Make the key that every provider begins with once: it takes a while."""
    return RSAKey.generate_key(2048, {"kid": "first"})


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
