"""Migration 0003_accounts."""

from ops.migrations import run_sql

revision = "0003_accounts"
down_revision = "0002_projections"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
