"""Migration 0017_kept_forms."""

from ops.migrations import run_sql

revision = "0017_kept_forms"
down_revision = "0016_notices"


def upgrade() -> None:
    """Apply the SQL of the same name."""
    run_sql(revision)
