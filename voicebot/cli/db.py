"""`voicebot db`: the database."""

from __future__ import annotations

import sys

import typer

from voicebot.adapters import open_database
from voicebot.config import load_settings

app = typer.Typer(no_args_is_help=True, help="The database.")


@app.callback()
def db() -> None:
    """The database."""


@app.command()
def upgrade() -> None:
    """Create the tables, or bring them up to date."""
    database = open_database(load_settings(), upgrade=True)
    sys.stdout.write(f"{database.where}: up to date\n")
    database.close()
