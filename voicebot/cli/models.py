"""`voicebot models`: recognisers and voices."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from voicebot.cli.options import JsonOption, print_json
from voicebot.models.hub import pull as pull_model
from voicebot.models.manifest import load_manifest
from voicebot.models.notices import notice
from voicebot.models.resolution import find, resolve
from voicebot.models.verifying import verify as verify_model

app = typer.Typer(no_args_is_help=True, help="Recognisers and voices.")
NameArgument = Annotated[str, typer.Argument(help="Name in the manifest (see: voicebot models list).")]


@app.command("list")
def list_models(*, as_json: JsonOption = False) -> None:
    """List the models of the manifest, and which are on this machine."""
    table = Table("nom", "usage", "langues", "taille", "présent", box=None)
    for entry in load_manifest().entries():
        here = find(entry) is not None
        if as_json:
            print_json(
                {
                    "name": entry.name,
                    "purpose": entry.purpose,
                    "languages": [*entry.languages],
                    "size_mb": entry.size_mb,
                    "licence": entry.licence,
                    "present": here,
                }
            )
        table.add_row(entry.name, entry.purpose, ", ".join(entry.languages), f"{entry.size_mb:g} Mo", "oui" if here else "non")
    if not as_json:
        Console().print(table)


@app.command()
def pull(name: NameArgument) -> None:
    """Fetch a model from its hub, with progress; goes on where it stopped; verified at the end."""
    sys.stdout.write(f"{pull_model(name)}\n")


@app.command()
def path(name: NameArgument) -> None:
    """Print the folder of a model: explicit path, pulled, or bundled."""
    sys.stdout.write(f"{resolve(name)}\n")


@app.command()
def verify(name: Annotated[str | None, typer.Argument(help="Name; every model on this machine when left out.")] = None) -> None:
    """Check files and hashes; exit status 1 when something is wrong."""
    entries = load_manifest().entries()
    names = [name] if name else [entry.name for entry in entries if find(entry) is not None]
    problems = {each: verify_model(each) for each in names}
    for each, found in problems.items():
        for problem in found:
            sys.stderr.write(f"{each}: {problem}\n")
        sys.stdout.write(f"{each}: {'wrong' if found else 'sound'}\n")
        warning = next((notice(entry) for entry in entries if entry.name == each), None)
        if warning is not None:
            sys.stderr.write(warning + "\n")
    if any(problems.values()):
        raise typer.Exit(1)
