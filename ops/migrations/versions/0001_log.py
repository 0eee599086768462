"""Migration 0001_log."""

from ops.migrations import run_sql

revision = "0001_log"
down_revision = None


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
