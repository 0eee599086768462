"""An authenticator in software, as far as tests need one: it makes passkeys, shows them, and misbehaves when asked to."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

_PRESENT, _VERIFIED, _BACKED_UP, _ATTESTED = 0x01, 0x04, 0x18, 0x40


class Authenticator:
    """One passkey on one device; `origin` is where the browser says it is."""

    def __init__(self, origin: str = "http://localhost:8000") -> None:
        self.origin = origin
        self.count = 0
        self.step = 1
        self.flags = _PRESENT | _VERIFIED
        self.handle: bytes | None = None
        self.credential_id = secrets.token_bytes(32)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def copy(self) -> "Authenticator":
        """Copy the passkey, as a thief would."""
        made = Authenticator(self.origin)
        made.__dict__ |= self.__dict__
        return made

    def made(self, options: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Answer options for making a passkey, with attestation "none"."""
        self.handle = base64url_to_bytes(options["user"]["id"])
        numbers = self._key.public_key().public_numbers()
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + key
        data = self._data(changes.get("rp_id", options["rp"]["id"]), _ATTESTED) + attested
        return self._credential(
            {
                "clientDataJSON": self._client_data("webauthn.create", options, changes),
                "attestationObject": bytes_to_base64url(
                    cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
                ),
                "transports": ["internal", "a new kind"],
            }
        )

    def shown(self, options: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Answer options for showing a passkey."""
        self.count += self.step
        data = self._data(changes.get("rp_id", options["rpId"]))
        client = self._client_data("webauthn.get", options, changes)
        signed = data + hashlib.sha256(base64url_to_bytes(client)).digest()
        signature = self._key.sign(signed, ec.ECDSA(hashes.SHA256()))
        if changes.get("damaged"):
            signature = signature[:-1] + bytes([signature[-1] ^ 1])
        handle = changes.get("handle", self.handle)
        return self._credential(
            {
                "clientDataJSON": client,
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signature),
                "userHandle": None if handle is None else bytes_to_base64url(handle),
            }
        )

    def _data(self, rp_id: str, more: int = 0) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4)

    def _client_data(self, kind: str, options: dict[str, Any], changes: dict[str, Any]) -> str:
        told = {
            "type": changes.get("type", kind),
            "challenge": changes.get("challenge", options["challenge"]),
            "origin": changes.get("origin", self.origin),
            "crossOrigin": False,
        }
        return bytes_to_base64url(json.dumps(told).encode())

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        word = bytes_to_base64url(self.credential_id)
        return {
            "id": word,
            "rawId": word,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }
