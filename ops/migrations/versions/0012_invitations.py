"""Migration 0012_invitations."""

from ops.migrations import run_sql

revision = "0012_invitations"
down_revision = "0011_token_use"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
