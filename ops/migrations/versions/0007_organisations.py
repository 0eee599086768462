"""Migration 0007_organisations."""

from ops.migrations import run_sql

revision = "0007_organisations"
down_revision = "0006_sign_in"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
