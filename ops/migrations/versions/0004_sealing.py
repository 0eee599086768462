"""Migration 0004_sealing."""

from ops.migrations import run_sql

revision = "0004_sealing"
down_revision = "0003_accounts"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
