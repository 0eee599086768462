"""`open-impact keys`: the keys that open what is personal."""

import os

import click

from app.cli.database import database_url, run, secret_key, settings_option
from app.cli.errors import CommandError
from app.cli.progress import progress_bar
from app.embedded.data_folder import DataFolder
from app.settings import SHORTEST_SECRET_KEY, Settings, variable_of
from events.connections import open_pool
from events.sealing.rotation import rotate as rotate_keys
from events.sealing.secret_key import SecretKey

NEW_KEY = "OPEN_IMPACT_NEW_SECRET_KEY"


@click.group()
def keys() -> None:
    """Look after the keys that open what is personal."""


_ROTATE_EXAMPLE = """\b
Example:
    open-impact keys rotate
    OPEN_IMPACT_NEW_SECRET_KEY="$(openssl rand -base64 32)" open-impact keys rotate
"""


@keys.command(epilog=_ROTATE_EXAMPLE)
@settings_option
def rotate(settings: Settings) -> None:
    """Wrap every key anew under a new secret key, all of them or none.

    With the key of a data folder, the new one is drawn and takes its place there. With OPEN_IMPACT_SECRET_KEY
    set from outside, the new one is read from OPEN_IMPACT_NEW_SECRET_KEY. While it runs nothing new can be
    sealed; afterwards every process has to be restarted with the new key. Interrupted at any moment, run it again.
    """
    old = secret_key(settings)
    if os.environ.get(variable_of("secret_key"), "").strip():
        done = run(_rotate(settings, old, _given_key()))
        where = f"set {variable_of('secret_key')} to what {NEW_KEY} is now"
    else:
        folder = DataFolder.at(settings.data)
        # Written before it counts, and put in its place after: whenever this ends, one of the two files fits.
        done = run(_rotate(settings, old, folder.drawn_next_secret_key()))
        folder.take_next_secret_key()
        where = f"it is in {folder.secret_key}"
    told = "The new secret key holds already" if done is None else f"{done:,} keys were wrapped anew"
    click.echo(f"{told}; {where}, and restart every process of this installation.")


def _given_key() -> str:
    given = os.environ.get(NEW_KEY, "").strip()
    if len(given) < SHORTEST_SECRET_KEY:
        raise CommandError(f"Set {NEW_KEY} to the new secret key, {SHORTEST_SECRET_KEY} characters or more.")
    return given


async def _rotate(settings: Settings, old: str, new: str) -> int | None:
    async with (
        open_pool(database_url(settings), name="cli", size_max=1) as pool,
        pool.acquire() as connection,
    ):
        with progress_bar("Wrapping keys", "keys") as update:
            return await rotate_keys(connection, SecretKey(old), SecretKey(new), progress=update)
