"""Forward-only migrations: Alembic keeps the order, each step is one SQL file.

A revision `NNNN_name` in `versions/` runs `sql/NNNN_name.sql` as one script in one transaction.
Read models are not migrated: a projection makes its own tables and rebuilds them from the log.
"""

from pathlib import Path

from alembic import op

_SQL = Path(__file__).parent / "sql"


def run_sql(revision: str) -> None:
    """Run the script of a revision.

    It goes to the driver's own cursor, because SQLAlchemy would read its colons and percent signs.
    """
    cursor = op.get_bind().connection.cursor()
    cursor.execute((_SQL / f"{revision}.sql").read_text(encoding="utf-8"))
    cursor.close()
