"""Migration 0008_fair_votes."""

from ops.migrations import run_sql

revision = "0008_fair_votes"
down_revision = "0006_sign_in"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
