"""The composition root: the one place that chooses adapters and brings a database up."""

from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parent.parent / "ops" / "migrations"


def migrate(database_url: str) -> None:
    """Bring the database's schema up to this release; safe to run from several machines at once.

    Raises:
        sqlalchemy.exc.OperationalError: the database is away.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["database_url"] = "postgresql+psycopg://" + database_url.partition("://")[2]
    command.upgrade(config, "head")
