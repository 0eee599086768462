"""Migration 0019_webhook_pace."""

from ops.migrations import run_sql

revision = "0019_webhook_pace"
down_revision = "0018_webhooks"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
