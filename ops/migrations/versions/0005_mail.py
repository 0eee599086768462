"""Migration 0005_mail."""

from ops.migrations import run_sql

revision = "0005_mail"
down_revision = "0004_sealing"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
