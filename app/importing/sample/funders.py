"""Invented funders of the sample content, and what each is open to. Any likeness to a real one is an accident."""

from uuid import UUID

from events.streams import derived_id

SAMPLE_FUNDERS: frozenset[UUID] = frozenset(
    derived_id("sample", "organisation", name) for name in ("dale-and-fell", "harbour", "next-street")
)
"""The organisations that are sample data."""
