"""Migration 0011_token_use."""

from ops.migrations import run_sql

revision = "0011_token_use"
down_revision = "0010_oidc"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
