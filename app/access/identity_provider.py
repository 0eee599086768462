"""An identity provider as OpenID Connect has it: what it says of itself, its keys, and whom it vouches for.

What it publishes is read when it is first needed and believed for an hour; a key it signs with that is not
known yet has its keys read again, at most every few seconds. Signatures are public-key ones from a list: a
token that is not signed, or signed with a shared secret, is nobody's.
"""

import asyncio
import secrets
import warnings
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import InvalidKeyIdError, JoseError, SecurityWarning
from joserfc.jwk import KeySet
from msgspec import Struct

from app.access.refusals import RefusalError
from app.outbound.client import Outbound
from app.outbound.messages import ForbiddenAddressError, OutboundError, Request
from app.outbound.rules import is_this_machine, rules_of
from app.outbound.transport import HTTP_ERRORS, OutboundTransport
from app.settings import Settings

with warnings.catch_warnings():
    # The client warns of its move to another HTTP library, for which there is no need until it has moved.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client

ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
SCOPE = "openid email profile"
WAIT_SECONDS = 5.0
"""How long a provider may take for one step of a sign-in, whole."""
BELIEVED_SECONDS = 3600.0
_ANSWER_BYTES_MAX = 64 * 1024
_SUCCESS = 200
_AGAIN_SECONDS = 2.0
_CLOCKS_APART_SECONDS = 30
_SUBJECT_LENGTH_MAX = 255

_Published = TypeVar("_Published", bound=Struct)
_FAILED = (*HTTP_ERRORS, OutboundError, TimeoutError, msgspec.MsgspecError, ValueError)
_log = structlog.get_logger(__name__)


class ProviderAwayError(RefusalError):
    """The identity provider does not answer as it should just now; sign in with an e-mail link instead."""


class NotVouchedForError(RefusalError):
    """The identity provider did not show who you are, so nobody was signed in; begin again, or use an e-mail link."""


class VouchedFor(Struct, frozen=True, kw_only=True):
    """Whom a provider vouches for. `email` is an address the provider itself has verified, or None."""

    issuer: str
    subject: str
    email: str | None
    name: str


class _Document(Struct, frozen=True, kw_only=True):
    """What is read of a provider's discovery document (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] | None = None


class _Keys(Struct, frozen=True, kw_only=True):
    keys: list[dict[str, Any]]


class IdentityProvider:
    """The provider that people may sign in with, as whom it knows us, and what it published."""

    def __init__(
        self,
        outbound: Outbound,
        *,
        issuer: str,
        client_id: str,
        client_secret: str | None,
        name: str,
        redirect_uri: str,
    ) -> None:
        self._outbound = outbound
        self.issuer = issuer
        self.name = name
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._reading = asyncio.Lock()
        self._document: tuple[_Document, float] | None = None
        self._keys: tuple[KeySet, float] | None = None
        self._away_until = 0.0

    async def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Give the address at the provider to send a browser to.

        Raises:
            ProviderAwayError: the provider did not say in time, or not rightly, where that is.
        """
        document = await self._published()
        async with self._client(document) as client:
            url, _ = client.create_authorization_url(
                document.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
        return str(url)

    async def vouched_for(self, *, code: str, nonce: str, verifier: str) -> VouchedFor:
        """Exchange the code that a browser brought back for whom the provider vouches for.

        Raises:
            NotVouchedForError: the provider takes the code not, or its word cannot be believed.
            ProviderAwayError: the provider did not answer in time, or not rightly.
        """
        document = await self._published()
        try:
            async with asyncio.timeout(WAIT_SECONDS), self._client(document) as client:
                given = await client.fetch_token(
                    document.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    redirect_uri=self._redirect_uri,
                )
                claims = await self._believed(given, nonce)
                more = await self._more(client, document, claims)
        except AuthlibBaseError as error:
            # Only the kind of the refusal: what else the provider says may repeat what was sent.
            _log.warning("oidc_code_refused", error=_word(error.error))
            raise NotVouchedForError from None
        except _FAILED as error:
            raise self._away(error) from None
        return _vouched_for(self.issuer, {**more, **claims})

    async def _more(
        self, client: AsyncOAuth2Client, document: _Document, claims: dict[str, Any]
    ) -> dict[str, Any]:
        """Ask for the address where the token has none: providers may keep it for their userinfo."""
        if "email" in claims or document.userinfo_endpoint is None:
            return {}
        answer = await client.get(document.userinfo_endpoint)
        answer.raise_for_status()
        said: dict[str, Any] = msgspec.json.decode(answer.content, type=dict[str, Any])
        # OpenID Connect Core 1.0, section 5.3.2: what is said of another subject must not be used.
        return said if said.get("sub") == claims["sub"] else {}

    async def _believed(self, given: dict[str, Any], nonce: str) -> dict[str, Any]:
        token, access_token = given.get("id_token"), given.get("access_token")
        if not isinstance(token, str) or not token.isascii():
            raise NotVouchedForError
        try:
            try:
                signed = _signed(token, await self._published_keys())
            except InvalidKeyIdError:
                signed = _signed(token, await self._published_keys(again=True))
            # Of the newer algorithms the standard does not say how they shorten an access token's hash.
            hashes = str(signed.header["alg"]).endswith(("256", "384", "512"))
            claims = CodeIDToken(
                signed.claims,
                signed.header,
                options={
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "sub": {"essential": True},
                    "exp": {"essential": True},
                },
                params={
                    "nonce": nonce,
                    "client_id": self._client_id,
                    "access_token": access_token if hashes else None,
                },
            )
            claims.validate(leeway=_CLOCKS_APART_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            # The kind alone: the message may repeat claims, which are personal.
            _log.warning(
                "oidc_token_refused", kind=type(error).__name__, claim=_word(getattr(error, "claim", ""))
            )
            raise NotVouchedForError from None
        subject = claims["sub"]
        if (
            not isinstance(subject, str)
            or not 0 < len(subject) <= _SUBJECT_LENGTH_MAX
            or not subject.isprintable()
        ):
            raise NotVouchedForError
        return dict(claims)

    async def _published(self) -> _Document:
        async with self._reading:
            now = asyncio.get_running_loop().time()
            if self._document is None or self._document[1] <= now:
                url = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
                document = await self._read(url, _Document)
                try:
                    for address in (
                        document.authorization_endpoint,
                        document.token_endpoint,
                        document.jwks_uri,
                    ):
                        self._outbound.check(address)
                except ForbiddenAddressError as error:
                    raise self._away(error) from None
                if document.issuer != self.issuer:
                    raise self._away(ValueError("The discovery document is another issuer's."))
                self._document = document, now + BELIEVED_SECONDS
            return self._document[0]

    async def _published_keys(self, *, again: bool = False) -> KeySet:
        document = await self._published()
        async with self._reading:
            now = asyncio.get_running_loop().time()
            read_at = self._keys[1] if self._keys is not None else -BELIEVED_SECONDS
            if now - read_at >= (_AGAIN_SECONDS if again else BELIEVED_SECONDS) or self._keys is None:
                found = await self._read(document.jwks_uri, _Keys)
                # Shared secrets have no place among published keys.
                public = [key for key in found.keys if key.get("kty") != "oct"]
                self._keys = KeySet.import_key_set({"keys": public}), now
            return self._keys[0]

    async def _read(self, url: str, kind: type[_Published]) -> _Published:
        """Read what the provider publishes; after a failure nobody asks again for a moment."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._away_until:
            raise ProviderAwayError
        try:
            answer = await self._outbound.send(
                Request(method="GET", url=url, headers={"accept": "application/json"}),
                deadline=WAIT_SECONDS,
                answer_bytes=_ANSWER_BYTES_MAX,
            )
            # Whoever sends us elsewhere is not followed: that is an error, too.
            if answer.status != _SUCCESS or not answer.is_whole:
                raise ValueError("What the provider publishes is not there, or is too large.")
            return msgspec.json.decode(answer.body, type=kind)
        except _FAILED as error:
            self._away_until = loop.time() + _AGAIN_SECONDS
            raise self._away(error) from None

    def _away(self, error: Exception) -> ProviderAwayError:
        _log.warning("oidc_provider_away", issuer=self.issuer, kind=type(error).__name__)
        return ProviderAwayError()

    def _client(self, document: _Document) -> AsyncOAuth2Client:
        methods = document.token_endpoint_auth_methods_supported or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        return AsyncOAuth2Client(
            client_id=self._client_id,
            client_secret=self._client_secret,
            token_endpoint_auth_method=method if self._client_secret else "none",
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            transport=OutboundTransport(
                self._outbound, deadline=WAIT_SECONDS, answer_bytes=_ANSWER_BYTES_MAX
            ),
            trust_env=False,
            follow_redirects=False,
        )


def way_to(issuer: str, settings: Settings) -> Outbound:
    """Make the way to a provider that an operator chose: also at its own port, and on this machine if it is there.

    Raises:
        SettingsError: the settings cannot be meant.
    """
    address = urlsplit(issuer)
    here = is_this_machine(address.hostname or "")
    ports = [] if address.port is None else [address.port]
    return Outbound(rules_of(settings, loopback=here, ports=ports))


def new_word() -> str:
    """Draw 256 random bits as a word for an address; long enough for a code verifier (RFC 7636, section 4.1)."""
    return secrets.token_urlsafe(32)


def _signed(token: str, keys: KeySet) -> jwt.Token:
    with warnings.catch_warnings():
        # EdDSA is an older name for what is Ed25519 today (RFC 9864), and providers write it.
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.decode(
            token, keys, registry=jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        )


def _vouched_for(issuer: str, claims: dict[str, Any]) -> VouchedFor:
    email, name = claims.get("email"), claims.get("name")
    # Some providers write the truth as a word.
    verified = claims.get("email_verified") in (True, "true")
    return VouchedFor(
        issuer=issuer,
        subject=claims["sub"],
        email=email if isinstance(email, str) and verified else None,
        name=" ".join("".join(c if c.isprintable() else " " for c in name).split())
        if isinstance(name, str)
        else "",
    )


def _word(said: object) -> str:
    """Keep of what a provider says what may be one of the standard's own words."""
    word = str(said)[:40]
    return word if word.replace("_", "").isalpha() else ""
