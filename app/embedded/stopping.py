"""The wish of the person or system that started us to stop: Ctrl-C, SIGTERM, or a closed terminal."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class StopRequested(BaseException):
    """Raised out of a long step that would not look at the flag; not an Exception, so that no step swallows it."""


class StopRequest:
    """Whether we have been asked to stop."""

    def __init__(self) -> None:
        self._asked = False
        self._interrupts = False

    def go_on(self) -> bool:
        return not self._asked

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the signals while the context lasts; only in the main thread."""
        signals = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signals.append(signal.SIGHUP)  # Unless `nohup` has said that a closed terminal should not matter.
        before = {number: signal.signal(number, self._ask) for number in signals}
        try:
            yield
        except StopRequested:
            pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """Leave what is done inside as soon as we are asked to stop."""
        self._interrupts = True
        try:
            yield
        except StopRequested:
            pass
        finally:
            self._interrupts = False

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True
        if self._interrupts:
            # Once only: what is being left must be able to clean up undisturbed.
            self._interrupts = False
            raise StopRequested
