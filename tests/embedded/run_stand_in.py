"""Runs a whole installation with stand-ins, as a process that tests may kill: `run_stand_in.py FOLDER [demo]`."""

import os
import sys
from pathlib import Path

import click

from app.embedded.errors import EmbeddedError
from app.embedded.installation import Installation
from app.embedded.stopping import StopRequest
from app.settings import Settings

folder = Path(sys.argv[1])


def migrate(_):
    """Leave a trace instead of a schema."""
    with (folder / "trace").open("a") as trace:
        trace.write("migrate\n")


stop = StopRequest()
with stop.listening():
    try:
        Installation(
            settings=Settings.from_environment(os.environ | {"OPEN_IMPACT_DATA": str(folder)}),
            host="127.0.0.1",
            port=int(os.environ.get("STAND_IN_PORT", "0")),
            workers=2,
            demo="demo" in sys.argv,
            migrate=migrate,
            announce=click.echo,
            report=lambda sentence: click.echo(sentence, err=True),
            program=(sys.executable, str(Path(__file__).with_name("stand_in.py"))),
        ).run(stop)
    except EmbeddedError as error:
        sys.exit(f"Error: {error}")
