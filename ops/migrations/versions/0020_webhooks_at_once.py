"""Migration 0020_webhooks_at_once."""

from ops.migrations import run_sql

revision = "0020_webhooks_at_once"
down_revision = "0019_webhook_pace"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
