"""Migration 0018_webhooks."""

from ops.migrations import run_sql

revision = "0018_webhooks"
down_revision = "0017_kept_forms"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
