"""Votes: the path that ten thousand people may take in one second.

A vote reads nothing when all is warm: who asks comes from the tokens known in memory, what decides from
the ballots kept fresh by the live tail, and that the vote is new is presumed, and found out by the log
itself when it is not. What remains is one append, grouped with all others that wait, and the count,
which the same tail brings. So this file takes what it needs straight from the request, without the
framework's injection, and answers bytes.
"""

from typing import Any, TypeAlias, cast
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, delete, get, put
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response.base import ASGIResponse
from litestar.types import HTTPResponseStartEvent, Receive, Scope, Send

from app.access.actor import Actor
from app.http import examples
from app.http.client_address import client_address
from app.http.fair_votes import Receipt, receipt
from app.http.idempotency import Written, attempt
from app.http.openapi import read_answers, write_answers, writing
from app.http.parameters import MinPosition
from app.http.proof_of_work import require_work_to_vote
from app.http.resources import Resources, actor_of, cause_of, now, resources_of
from app.http.waiting import caught_up
from domain.decider import DomainError
from domain.vote import VOTE, CastVote, WithdrawVote
from events.streams import vote_stream
from projections.audit_history.queries import votes_as_of

VoteRequest: TypeAlias = Request[Actor, None, State]

_encode = msgspec.json.Encoder().encode


class _Lean(Response[Any]):
    """An answer as JSON and nothing else: what the framework's own builds around it costs half as much as a vote."""

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **_: Any) -> ASGIResponse:  # noqa: ARG002  # The framework says what is given.
        """Make the response that the framework sends."""
        body = _encode(self.content)
        start: HTTPResponseStartEvent = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))],
        }

        async def respond(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send(start)
            await send({"type": "http.response.body", "body": body, "more_body": False})

        return cast("ASGIResponse", respond)


class Voted(Written, frozen=True, kw_only=True):
    """An idea's votes, this change included; `position` is where the vote stands in the log."""

    votes: int


class VoteController(Controller):
    """The routes of votes."""

    path = "/api/v1/ideas/{idea_id:uuid}/vote"
    tags = ("votes",)
    response_class = _Lean

    @put(
        operation_id="castVote",
        summary="Support an idea",
        operation_class=writing(),
        responses=write_answers(Voted, examples.VOTED, 404),
    )
    async def cast_vote(self, request: VoteRequest, idea_id: FromPath[UUID]) -> Voted:
        """Support an idea; supporting it again changes nothing. It takes no body."""
        return await vote(request, idea_id, CastVote)

    @delete(
        status_code=200,
        operation_id="withdrawVote",
        summary="Take support back",
        operation_class=writing(),
        responses=write_answers(Voted, {**examples.VOTED, "votes": 148}, 404),
    )
    async def withdraw_vote(self, request: VoteRequest, idea_id: FromPath[UUID]) -> Voted:
        """Take your support for an idea back; doing so again changes nothing. It takes no body."""
        return await vote(request, idea_id, WithdrawVote)

    @get(
        operation_id="getVoteReceipt",
        summary="A receipt of my vote",
        responses=read_answers(Receipt, examples.RECEIPT, 401, 404),
    )
    async def get_vote_receipt(
        self, request: VoteRequest, idea_id: FromPath[UUID], min_position: MinPosition = None
    ) -> Receipt:
        """Read where your vote for an idea stands in the public log, and whether it counts as verified."""
        resources = resources_of(request)
        await caught_up(resources, "fair_votes", min_position)
        found = await receipt(resources, idea_id, actor_of(request).person_id)
        if found is None:
            raise NotFoundException(detail="You have no vote for this idea.")
        return found


async def vote(
    request: VoteRequest, idea_id: UUID, kind: type[CastVote | WithdrawVote], *, has_worked: bool = False
) -> Voted:
    """Cast or withdraw the vote of whoever asks; a page has seen to their proof of work when `has_worked`.

    Raises:
        DomainError: there is no such idea, or a rule forbids it.
        LogBusyError, LogUnavailableError: see the store.
    """
    resources, person = resources_of(request), actor_of(request).person_id
    this = await attempt(request, Voted)
    if (earlier := await this.earlier()) is not None:
        return await _as_answered(resources, idea_id, earlier)
    if kind is CastVote and not has_worked:
        await require_work_to_vote(request, actor_of(request))
    moment = now()
    ballot = await resources.ballots.ballot(idea_id, moment)
    draft = Voted(position=0, votes=0)
    command = kind(now=moment, idea_id=idea_id, person_id=person, ballot=ballot)
    stream, cause, key = vote_stream(idea_id, person), cause_of(request, person), this.keeping(draft)
    handle = resources.handler.handle
    try:
        handled = await handle(VOTE, stream, command, cause=cause, key=key, presume_new=kind is CastVote)
    except DomainError:
        # What a rule forbids a new vote it may not forbid the vote that is there: nothing is left to do then.
        handled = await handle(VOTE, stream, command, cause=cause, key=key)
    if handled.repeated is not None:
        return await _as_answered(resources, idea_id, this.answered(draft, handled))
    if handled.events:
        if kind is CastVote:
            resources.origins.note(person, client_address(request), idea_id=idea_id)
        votes = resources.vote_counts.own(idea_id, handled.position, 1 if kind is CastVote else -1)
    else:
        votes = await resources.vote_counts.at_least(idea_id, handled.position)
    return Voted(position=handled.position, votes=votes)


async def _as_answered(resources: Resources, idea_id: UUID, earlier: Voted) -> Voted:
    """Count the votes as they were when the request was answered first: the log keeps its position alone."""
    await caught_up(resources, "audit_history", earlier.position)
    votes = await votes_as_of(resources.pool, idea_id, position=earlier.position)
    return Voted(position=earlier.position, votes=votes)
