"""Looking up names within a time.

The system's own look-up knows the machine's ways (its hosts file, its search domains), but it takes no deadline, and
whoever runs a name's server can make it last. So each runs in a thread of its own that nobody has to wait for, one
at a time for a name, and only so many at once.
"""

import socket
import threading
import time
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Any, TypeAlias

from ssrfguard import Resolver

LOOK_UP_SECONDS = 5.0
_AT_ONCE_MAX = 64

Found: TypeAlias = list[Any]
Question: TypeAlias = tuple[Any, ...]

due: ContextVar[float] = ContextVar("due")
"""The moment, by `time.monotonic`, at which whoever looks a name up stops waiting; threads have it from their caller."""


class TimelyLookUp:
    """Looks names up as the system does, and gives up in time."""

    def __init__(self, look_up: Resolver = socket.getaddrinfo) -> None:
        self._look_up = look_up
        self._lock = threading.Lock()
        self._under_way: dict[Question, Future[Found]] = {}

    def __call__(self, *question: Any) -> Found:
        """Look a name up, with the arguments of `socket.getaddrinfo`.

        Raises:
            socket.gaierror: the name leads nowhere, or nobody said in time where.
        """
        seconds = min(LOOK_UP_SECONDS, due.get(float("inf")) - time.monotonic())
        try:
            return self._answer_to(question).result(max(0.0, seconds))
        except TimeoutError:
            raise socket.gaierror(socket.EAI_AGAIN, "The name was not looked up in time.") from None

    def _answer_to(self, question: Question) -> Future[Found]:
        with self._lock:
            answer = self._under_way.get(question)
            if answer is not None:
                return answer
            if len(self._under_way) >= _AT_ONCE_MAX:
                raise socket.gaierror(socket.EAI_AGAIN, "Too many names are being looked up.")
            answer = self._under_way[question] = Future()
        # Nobody who stops has to wait for such a thread.
        threading.Thread(target=self._run, args=(question, answer), name="look-up", daemon=True).start()
        return answer

    def _run(self, question: Question, answer: Future[Found]) -> None:
        try:
            found = list(self._look_up(*question))
        except Exception as error:  # noqa: BLE001  # Whatever it is, it belongs to whoever asked.
            self._end(question)
            answer.set_exception(error)
        else:
            self._end(question)
            answer.set_result(found)

    def _end(self, question: Question) -> None:
        with self._lock:
            del self._under_way[question]
