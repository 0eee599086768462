"""A moment for examples."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 2, 14, 5, tzinfo=UTC)
