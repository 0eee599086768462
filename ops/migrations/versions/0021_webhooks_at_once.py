"""Migration 0021_webhooks_at_once."""

from ops.migrations import run_sql

revision = "0021_webhooks_at_once"
down_revision = "0020_drafts"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
