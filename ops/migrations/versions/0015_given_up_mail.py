"""Migration 0015_given_up_mail."""

from ops.migrations import run_sql

revision = "0015_given_up_mail"
down_revision = "0014_append_only_always"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
