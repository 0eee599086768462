"""From the rows of a file of past grants to events: the whole file is read first, then written in batches.

The identifier of a grant's stream follows from the identifier its publisher gave it, so that reading a file again adds
nothing. A funder is known by its org-id, whose organisation here, registered or not, has the identifier that follows.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from app.importing.batches import BatchWriter, Intent
from app.importing.grants360 import GrantsFile, PastGrant
from app.importing.rows import BadRow
from domain.past_grant import PAST_GRANT, RecordPastGrant
from events.envelope import Metadata
from events.store import EventStore
from events.streams import grant_id, grant_stream, organisation_id

NAMED_MAX = 20
"""How many wrong rows are told by name; the others are counted."""

_RECORDED = Metadata(command=RecordPastGrant.__name__)


class GrantsReport(Struct, frozen=True, kw_only=True):
    """What a file of grants holds, and how many events that made; `skipped` names the first wrong rows."""

    grants: int
    to_individuals: int
    funders: int
    skipped_rows: int
    skipped: list[str]
    appended: int = 0
    unchanged: int = 0


def read_grants(path: Path, *, skip_bad_rows: bool) -> GrantsReport:
    """Read a whole file, and say what is in it.

    Raises:
        BadRow: something in it is wrong, and is not to be skipped.
    """
    wrong: list[str] = []
    counted: Counter[str] = Counter()
    funders: set[str] = set()

    def skip(row: BadRow) -> None:
        counted["wrong"] += 1
        if len(wrong) < NAMED_MAX:
            wrong.append(str(row))

    for grant in GrantsFile(path, skip=skip if skip_bad_rows else None).grants():
        counted["grants"] += 1
        counted["to individuals"] += grant.to_individual
        funders.add(grant.funder_org_id)
    return GrantsReport(
        grants=counted["grants"],
        to_individuals=counted["to individuals"],
        funders=len(funders),
        skipped_rows=counted["wrong"],
        skipped=wrong,
    )


async def import_grants(
    store: EventStore,
    path: Path,
    *,
    skip_bad_rows: bool,
    advance: Callable[[int], None] = lambda _: None,
    read: GrantsReport | None = None,
) -> GrantsReport:
    """Bring every grant of a file in, each once however often this is done.

    Raises:
        BadRow: something in the file is wrong, and is not to be skipped; nothing of it was appended.
        LogUnavailableError, LogBusyError: see the store; importing again goes on where this stopped.
    """
    held = read if read is not None else read_grants(path, skip_bad_rows=skip_bad_rows)
    writer = BatchWriter(store, advance)
    await writer.write(_intents(path, skip_bad_rows=skip_bad_rows))
    done = writer.written
    return GrantsReport(
        grants=held.grants,
        to_individuals=held.to_individuals,
        funders=held.funders,
        skipped_rows=held.skipped_rows,
        skipped=held.skipped,
        appended=done.appended,
        unchanged=done.unchanged,
    )


def _intents(path: Path, *, skip_bad_rows: bool) -> Iterator[Intent]:
    file = GrantsFile(path, skip=(lambda _: None) if skip_bad_rows else None)
    return map(_intent, file.grants())


def _intent(grant: PastGrant) -> Intent:
    identifier = grant_id(grant.identifier)
    command = RecordPastGrant(
        now=grant.awarded_at,
        grant_id=identifier,
        funder_id=organisation_id(grant.funder_org_id),
        funder_org_id=grant.funder_org_id,
        funder_name=grant.funder_name,
        identifier=grant.identifier,
        amount=grant.amount,
        title=grant.title,
        description=grant.description,
        recipient_id=grant.recipient_id,
        recipient_name=grant.recipient_name,
        to_individual=grant.to_individual,
        places=grant.places,
    )
    return Intent(grant_stream(identifier), 1, PAST_GRANT, command, _RECORDED)
