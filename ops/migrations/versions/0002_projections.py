"""Migration 0002_projections."""

from ops.migrations import run_sql

revision = "0002_projections"
down_revision = "0001_log"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
