"""The reactor that writes a letter about each important notice to everybody it is for.

It follows the read model of notices with a checkpoint of its own. The letter, the mark that it was written and the
checkpoint are rows of one transaction, so that a letter is written exactly once, whatever ends in between. It is in the
language of whoever it is for, as they chose it last. Nobody is
written to about what happened long ago, as in an import, or in a time when no worker ran; nor about an endpoint that
goes on already; nor at an address that can be nobody's (`.invalid`, RFC 2606), as the people of the sample have. Ideas
that come to fit at the same time, as all do when a mandate is published, make one letter.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.mail.messages import Message, render
from app.mail.outbox import Outbox
from app.reactors.turns import take_turns, turn_of
from events.connections import Connection, Pool
from events.store import EventStore
from projections.language import ENGLISH, Language, language_called, ngettext, speaking
from projections.notices.kinds import FOR_ADMINISTRATORS, IMPORTANT, NoticeKind
from projections.notices.queries import Notice, notices_since
from projections.state import Positions

NAME = "notices"
PAGE_NOTICES = 500
FRESH_FOR = timedelta(days=3)
"""How old a notice may be to be worth a letter."""
_WAIT_SECONDS = 60.0
_FIRST = UUID(int=0)

_PEOPLE = """
SELECT a.person_id, a.email, m.language
  FROM accounts a LEFT JOIN notice_marks m USING (person_id)
 WHERE coalesce(m.by_mail, true) AND a.email NOT LIKE '%.invalid'
   AND (a.person_id = $1 OR a.person_id IN (
     SELECT person_id FROM organisations.members WHERE organisation_id = $1 AND roles && $2::text[]))
"""
_ONCE = """
INSERT INTO notice_letters (person_id, recipient, position) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true
"""
_ABOUT_OFFERS = ["offers", "admin"]
_ABOUT_MONEY = ["funder", "admin"]
_ABOUT_ENDPOINTS = ["admin"]


async def write_letters(pool: Pool, store: EventStore, outbox: Outbox, public_url: str) -> None:
    """Write letters until cancelled; losing the database is waited out."""
    positions = Positions(pool)
    await take_turns(
        NAME, store, lambda: react(pool, store, positions, outbox, public_url), wait_seconds=_WAIT_SECONDS
    )


async def react(
    pool: Pool, store: EventStore, positions: Positions, outbox: Outbox, public_url: str
) -> int | None:
    """Write about all notices that are new since the checkpoint, and move it on; tell the position reached.

    Nothing when somebody else is at it, or when a read model does not come along.

    Raises:
        LogUnavailableError: the database cannot be reached; what was not written about will be.
    """
    head = await store.head()
    for name in ("notices", "organisations"):
        if not await positions.wait(name, head):
            return None
    async with turn_of(pool, NAME) as turn:
        if turn is None:
            return None
        if turn.position < head:
            # Notices may have come after the head was asked for: they are of the next round.
            await _write_up_to(turn.connection, outbox, public_url, turn.position, head)
            await turn.done(head)
        return max(turn.position, head)


async def _write_up_to(
    connection: Connection, outbox: Outbox, public_url: str, position: int, head: int
) -> None:
    # A position is done when it is behind us, so the first recipient of all begins at the next one.
    after = (position + 1, _FIRST)
    while True:
        said = await notices_since(connection, after, IMPORTANT, limit=PAGE_NOTICES)
        page = said[ENGLISH]
        due = [notice for notice in page if notice.position <= head]
        in_words = {(spoken, _key(notice)): notice for spoken, notices in said.items() for notice in notices}
        for notices in letters_of(due):
            await _write_about(connection, outbox, public_url, notices, in_words)
        if len(due) < PAGE_NOTICES:
            return
        after = (page[-1].position, page[-1].recipient)


def letters_of(notices: Sequence[Notice]) -> list[list[Notice]]:
    """Put together what makes one letter: every notice by itself, but all that fit one funder's mandates at once."""
    now = datetime.now(UTC)
    letters: list[list[Notice]] = []
    matched: dict[UUID, list[Notice]] = {}
    for notice in notices:
        goes_on = notice.endpoint_id is not None and notice.after is None
        if goes_on or now - notice.happened_at > FRESH_FOR:
            continue
        if notice.kind != "mandate_matched":
            letters.append([notice])
        elif (others := matched.get(notice.recipient)) is not None:
            others.append(notice)
        else:
            matched[notice.recipient] = [notice]
            letters.append(matched[notice.recipient])
    return letters


def _key(notice: Notice) -> tuple[int, UUID]:
    return notice.position, notice.recipient


async def _write_about(
    connection: Connection,
    outbox: Outbox,
    public_url: str,
    notices: Sequence[Notice],
    in_words: Mapping[tuple[Language, tuple[int, UUID]], Notice],
) -> None:
    first = notices[0]
    for person in await connection.fetch(_PEOPLE, first.recipient, _roles_told(first.kind)):
        told = [
            notice
            for notice in notices
            if await connection.fetchval(_ONCE, person["person_id"], notice.recipient, notice.position)
        ]
        if told:
            spoken = language_called(person["language"]) or ENGLISH
            with speaking(spoken):
                said = [in_words[spoken, _key(notice)] for notice in told]
                letter = letter_about(person["email"], said, public_url)
            await outbox.post(connection, letter)


def _roles_told(kind: NoticeKind) -> list[str]:
    if kind in FOR_ADMINISTRATORS:
        return _ABOUT_ENDPOINTS
    return _ABOUT_OFFERS if kind.startswith("offer_") else _ABOUT_MONEY


def letter_about(email: str, notices: Sequence[Notice], public_url: str) -> Message:
    """Write the letter about one notice, or about all that came to fit at once, in the language that is spoken."""
    notice, site = notices[0], public_url.rstrip("/")
    if notice.endpoint_id is not None:
        return render(
            "endpoint_paused",
            to=email,
            sentence=notice.sentence,
            since=notice.happened_at,
            after=notice.after,
            organisation=notice.for_organisation_name or "",
            link=f"{site}/webhooks/{notice.endpoint_id}",
            notices_link=f"{site}/me/notices",
        )
    several = ngettext(
        "%(count)s idea fits what you are open to fund.",
        "%(count)s ideas fit what you are open to fund.",
        len(notices),
    )
    return render(
        "notice",
        to=email,
        sentence=notice.sentence if len(notices) == 1 else several,
        reason=notice.reason if len(notices) == 1 else "",
        organisation=notice.for_organisation_name or "",
        until=notice.until,
        link=f"{site}/me/notices",
    )
