"""How commands find the database: OPEN_IMPACT_DATABASE_URL, or what runs on the data folder."""

import os
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import uvloop

from app.cli.errors import CommandError
from app.embedded.data_folder import DataFolder, connected
from app.logs import configure_logging
from app.settings import SHORTEST_SECRET_KEY, Settings, variable_of
from events.connections import Pool, open_pool
from events.postgres import PostgresStore, open_store

T = TypeVar("T")


def _settings(ctx: click.Context, _parameter: click.Parameter, data: Path | None) -> Settings:
    """Take the folder named here, or else before the subcommand, where it is kept for all of them."""
    root = ctx.find_root()
    if data is not None:
        root.obj = data
    return found_settings(root.obj)


settings_option = click.option(
    "--data",
    "settings",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_settings,
    help="The data folder of a running `open-impact up`.  [default: OPEN_IMPACT_DATA, or .open-impact]",
)
"""Gives a command the parameter `settings`, with what runs on the data folder filled in."""


def found_settings(data: Path | None) -> Settings:
    """Read the settings, and fill in what is unset from what runs on the data folder.

    Raises:
        SettingsError: a variable of the environment cannot be meant.
        EmbeddedError: the data folder belongs to another user.
    """
    environment = os.environ | ({variable_of("data"): str(data)} if data else {})
    return connected(Settings.from_environment(environment))


def database_url(settings: Settings) -> str:
    """Give the database's address, or say how to come by one (`CommandError`)."""
    if settings.database_url is None:
        folder = DataFolder.at(settings.data).path
        raise CommandError(
            f"No running Open Impact found in {folder}; start it with `open-impact up` or set "
            f"{variable_of('database_url')}."
        )
    return settings.database_url


def secret_key(settings: Settings) -> str:
    """Give the secret key, or say how to come by one (`CommandError`)."""
    if settings.secret_key is None:
        raise CommandError(
            f"{variable_of('secret_key')} is not set, and what is personal is sealed with it; set it to a secret of "
            f"{SHORTEST_SECRET_KEY} characters or more, the same for every process, or start everything with "
            f"`open-impact up`."
        )
    return settings.secret_key


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Pool, PostgresStore]]:
    """Open the database and the log on it; without a secret key nothing sealed can be opened or written."""
    url = database_url(settings)
    async with (
        open_pool(url, name="cli", size_max=4) as pool,
        open_store(url, name="cli", pool=pool, secret=settings.secret_key) as store,
    ):
        yield pool, store


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; what the log has to say about passing troubles would only disturb its output."""
    configure_logging("error", as_json=False)
    return uvloop.run(work)
