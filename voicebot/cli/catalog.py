"""`voicebot catalog`: the clients and their consignes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.table import Table

from voicebot.cli.options import JsonOption, phone_number, print_json
from voicebot.clients.catalogue import ClientCatalogue, check_folder
from voicebot.clients.consignes import in_language
from voicebot.clients.loader import check_file
from voicebot.clients.templates import new_client
from voicebot.config import Settings, load_settings

app = typer.Typer(no_args_is_help=True, help="Clients and their consignes.")


def clients_dir(settings: Settings) -> Path:
    """Where the clients' YAML files are."""
    return settings.clients_dir or settings.catalogue_dir / "clients"


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="YAML files; every client when left out.")] = None,
) -> None:
    """Check consignes: errors with file, line and field; exit status 1 when there is any."""
    checked = [check_file(file) for file in files] if files else check_folder(clients_dir(load_settings()))
    for result in checked:
        for sentence in (*result.errors, *(f"warning: {w}" for w in result.warnings)):
            sys.stderr.write(sentence + "\n")
    failed = sum(bool(result.errors) for result in checked)
    sys.stdout.write(f"{len(checked)} checked, {failed} with errors\n")
    if failed:
        raise typer.Exit(1)


@app.command("list")
def list_clients(*, as_json: JsonOption = False) -> None:
    """List the clients with their lines."""
    clients = ClientCatalogue.load(clients_dir(load_settings()))
    table = Table("id", "nom", "secteur", "langues", "lignes")
    for client in clients:
        name = in_language(client.name, "fr")
        if as_json:
            print_json(
                {
                    "id": client.id,
                    "name": name,
                    "sector": client.sector,
                    "languages": [*client.languages],
                    "lines": [*client.lines],
                }
            )
        table.add_row(client.id, name, client.sector, ", ".join(client.languages), ", ".join(client.lines))
    if not as_json:
        Console().print(table)


@app.command()
def show(client: Annotated[str, typer.Argument(help="Its id.")], *, as_json: JsonOption = False) -> None:
    """Show one client's consignes."""
    consignes = ClientCatalogue.load(clients_dir(load_settings())).by_id(client)
    data = consignes.model_dump(mode="json", exclude_defaults=True)
    if as_json:
        print_json(data)
    else:
        sys.stdout.write(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


@app.command()
def new(
    client: Annotated[str, typer.Argument(help="New id: lower case, digits, hyphens.")],
    *,
    sector: Annotated[str, typer.Option("--sector", help="Name of a template.")],
    name: Annotated[str, typer.Option("--name", help="As said after « bonjour ».")],
    line: Annotated[list[str], typer.Option("--line", help="Dialled number; may be given several times.")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder of clients.")] = None,
) -> None:
    """Make a client from a sector's template."""
    settings = load_settings()
    lines = [phone_number(number, "--line") for number in line]
    templates = settings.catalogue_dir / "templates"
    file = new_client(sector, client, name, lines, templates=templates, out=out or clients_dir(settings))
    sys.stdout.write(f"{file}\n")
