"""What can go wrong with the log, told apart by what the caller should do."""

from uuid import UUID


class OperationalError(Exception):
    """The world was busy or away; the same request may succeed a little later."""


class WrongVersionError(OperationalError):
    """Somebody else appended to the stream first; load it again and decide again."""

    def __init__(self, stream: str, expected: int | None, actual: int) -> None:
        super().__init__(f"{stream} is at version {actual}, not {expected}.")
        self.stream = stream
        self.expected = expected
        self.actual = actual


class LogUnavailableError(OperationalError):
    """The log cannot be reached just now; try again in a few seconds."""


class LogBusyError(OperationalError):
    """More appends are waiting than the log takes on; try again in a second."""


class KeyReusedError(Exception):
    """This Idempotency-Key was used before for a different request; use a new key for a new request."""

    def __init__(self, key: UUID) -> None:
        super().__init__(self.__doc__)
        self.key = key


class UnreadableEventError(Exception):
    """An event in the log cannot be read by this release; it is named, and never skipped."""

    def __init__(self, type_name: str, reason: str, position: int | None = None) -> None:
        where = f" at position {position}" if position is not None else ""
        super().__init__(f"Event {type_name}{where} cannot be read: {reason}")
        self.type_name = type_name
        self.reason = reason
        self.position = position
