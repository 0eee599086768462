"""Migration 0009_passkeys."""

from ops.migrations import run_sql

revision = "0009_passkeys"
down_revision = "0008_fair_votes"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
