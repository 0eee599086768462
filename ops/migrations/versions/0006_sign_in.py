"""Migration 0006_sign_in."""

from ops.migrations import run_sql

revision = "0006_sign_in"
down_revision = "0005_mail"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
