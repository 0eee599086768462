"""Migration 0022_language_of_letters."""

from ops.migrations import run_sql

revision = "0022_language_of_letters"
down_revision = "0021_webhooks_at_once"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
