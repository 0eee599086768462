"""What the tests of the checks share."""

from datetime import UTC, datetime

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def broken(invariants):
    """Name the invariants that were broken."""
    return {invariant.name for invariant in invariants if invariant.broken}
