"""Migration 0013_oidc_work."""

from ops.migrations import run_sql

revision = "0013_oidc_work"
down_revision = "0012_invitations"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
