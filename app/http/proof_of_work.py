"""Proof of work over HTTP: a challenge to whoever needs one, and the check that a risky vote must pass."""

from typing import Any

from litestar import Controller, Request, get
from msgspec import Struct

from app.access.actor import Actor
from app.http import examples
from app.http.client_address import client_address
from app.http.openapi import read_answers
from app.http.problems import ProofOfWorkNeededError
from app.http.resources import ApiRequest, resources_of

HEADER = "Proof-Of-Work"


class Challenge(Struct, frozen=True, kw_only=True):
    """A challenge as the open-source ALTCHA libraries and widget solve it (version 2 of its format).

    Send the solution, as its Base64 payload, in the header `Proof-Of-Work`. A challenge is good for ten minutes and
    one proof.
    """

    parameters: dict[str, Any]
    signature: str


class ProofOfWorkController(Controller):
    """The routes of proofs of work."""

    path = "/api/v1/proof-of-work"
    tags = ("votes",)

    @get(
        operation_id="getProofOfWork",
        summary="A challenge",
        responses=read_answers(Challenge, examples.CHALLENGE),
        sync_to_thread=False,
    )
    def get_proof_of_work(self, request: ApiRequest) -> Challenge:
        """Ask for a challenge. You need one only after a 403 `urn:open-impact:proof-of-work-needed`, which brings it."""
        return Challenge(**resources_of(request).risk.challenge())


def work_is_needed_to_vote(request: Request[Any, Any, Any], actor: Actor) -> bool:
    """Tell whether a vote comes from a risky network by a new account."""
    risk = resources_of(request).risk
    return risk.challenge_needed_to_vote(address=client_address(request), person_id=actor.person_id)


async def require_work_to_vote(request: Request[Actor, Any, Any], actor: Actor) -> None:
    """Let a vote pass, unless it comes from a risky network by a new account and shows no proof of work.

    Raises:
        ProofOfWorkNeededError: it needs one, and brings none, an old one or one that was used.
        LogUnavailableError: the database cannot be reached.
    """
    if not work_is_needed_to_vote(request, actor):
        return
    risk = resources_of(request).risk
    proof = request.headers.get(HEADER)
    if proof is None or not await risk.verify(proof):
        raise ProofOfWorkNeededError(risk.challenge())
