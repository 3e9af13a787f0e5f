"""All commands, and what becomes of errors: one sentence on stderr, exit status 1 (failed) or 2 (wrong usage)."""

from __future__ import annotations

import io
import os
import sys

import typer

from voicebot.bootstrap.logs import configure_logs
from voicebot.cli import call, catalog, chat, db, demo, models, nlu, say, serve, transcribe, users
from voicebot.core.errors import InputError, PermanenceError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
"""The `voicebot` command."""
app.command("demo")(demo.demo)
app.command("call")(call.call)
app.command("chat")(chat.chat)
app.command("serve")(serve.serve)
app.command("nlu")(nlu.nlu)
app.command("transcribe")(transcribe.transcribe)
app.command("say")(say.say)
app.add_typer(models.app, name="models")
app.add_typer(catalog.app, name="catalog")
app.add_typer(db.app, name="db")
app.add_typer(users.app, name="users")


@app.callback()
def voicebot() -> None:
    """An AI voice receptionist with human escalation."""


def main() -> None:
    """Run the command line."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # other programs read it: UTF-8 whatever the locale
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    configure_logs()
    try:
        app()
    except PermanenceError as failure:
        sys.stderr.write(f"voicebot: {failure}\n")
        sys.exit(2 if isinstance(failure, InputError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as failure:  # files are read and written under our own errors: this is a standard stream
        _discard_output()
        sys.stderr.write(f"voicebot: {failure.filename or 'standard output'}: {failure.strerror}\n")
        sys.exit(1)


def _discard_output() -> None:
    """What is left to write cannot be written: Python would complain of it when it ends."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
