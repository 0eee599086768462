"""Migration 0010_oidc."""

from ops.migrations import run_sql

revision = "0010_oidc"
down_revision = "0009_passkeys"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
