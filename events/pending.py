"""An append on its way: encoded once, sent in a group, answered by itself."""

import asyncio
from dataclasses import dataclass

from events.envelope import Append, Appended
from events.errors import KeyReusedError, WrongVersionError

APPENDED, WRONG_VERSION, DONE_BEFORE, KEY_REUSED = range(4)
"""What the log makes of a request; the numbers are those of the SQL function `append_group`."""


@dataclass(slots=True)
class Pending:
    """A request on its way: its events encoded, and the future its caller waits for."""

    request: Append
    ids: list[str]
    types: list[str]
    data: list[str]
    metadata: str
    size: int
    deadline: float
    answer: asyncio.Future[Appended]

    def settle(self, status: int, position: int, version: int, answer: str | None) -> None:
        """Give the caller what the log answered; one who gave up is not waited for."""
        if self.answer.done():
            return
        request = self.request
        if status == WRONG_VERSION:
            self.answer.set_exception(WrongVersionError(request.stream, request.expected, version))
        elif status == KEY_REUSED and request.key is not None:
            self.answer.set_exception(KeyReusedError(request.key.key))
        else:
            # A resent request finds its own key: that is its first answer and no repetition.
            repeated = status == DONE_BEFORE and answer is not None
            self.answer.set_result(
                Appended(
                    position=position,
                    version=version,
                    repeated=repeated,
                    answer=answer if repeated else None,
                )
            )

    def fail(self, error: Exception) -> None:
        """Tell the caller that it came to nothing, or that nobody knows."""
        if not self.answer.done():
            self.answer.set_exception(error)
