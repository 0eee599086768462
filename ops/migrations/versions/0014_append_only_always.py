"""Migration 0014_append_only_always."""

from ops.migrations import run_sql

revision = "0014_append_only_always"
down_revision = "0013_oidc_work"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
