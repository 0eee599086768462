"""Migration 0020_drafts."""

from ops.migrations import run_sql

revision = "0020_drafts"
down_revision = "0019_webhook_pace"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
