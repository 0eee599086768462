"""Alembic's entry: runs the migrations one transaction each, one machine at a time."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

_MIGRATIONS_LOCK = 7100


def run() -> None:
    """Bring the schema up on the database named by the configuration."""
    url = context.config.attributes["database_url"]
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        # Held for the session, so several machines that start at once wait for each other …
        connection.execute(text("SET lock_timeout = '60s'"))
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _MIGRATIONS_LOCK})
        # … while a migration itself must not queue behind a long reader and block everybody else.
        connection.execute(text("SET lock_timeout = '4s'"))
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
