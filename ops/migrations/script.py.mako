"""${message}"""

from ops.migrations import run_sql

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Apply the SQL of the same number."""
    run_sql("${up_revision}")
