"""Migration 0016_notices."""

from ops.migrations import run_sql

revision = "0016_notices"
down_revision = "0015_given_up_mail"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
