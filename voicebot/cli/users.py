"""`voicebot users`: who may sign in."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from accounts.passwords import generated_password
from accounts.service import Accounts
from accounts.users import User, role_named
from voicebot.adapters import open_database
from voicebot.cli.catalog import clients_dir
from voicebot.cli.options import JsonOption, print_json
from voicebot.clients.catalogue import ClientCatalogue
from voicebot.clients.registration import register_clients
from voicebot.config import Settings, load_settings
from voicebot.core.errors import InputError
from voicebot.core.ids import ClientId
from voicebot.core.language import Language
from voicebot.records.database import Database

app = typer.Typer(no_args_is_help=True, help="Users: who may sign in.")
LoginArgument = Annotated[str, typer.Argument(help="What the user signs in with.")]
PasswordStdinOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of making one up.")
]


@app.command()
def add(
    login: LoginArgument,
    *,
    name: Annotated[str, typer.Option("--name", help="As shown to colleagues.")],
    role: Annotated[str, typer.Option("--role", help="administrator, supervisor, secretary, client_admin or client_reader.")],
    client: Annotated[
        list[str] | None,
        typer.Option("--client", help="Client that the user sees; repeatable; every client when left out."),
    ] = None,
    usual: Annotated[list[str] | None, typer.Option("--usual", help="Client whose usual secretary it is; repeatable.")] = None,
    speaks: Annotated[list[str] | None, typer.Option("--speaks", help="fr or en; repeatable; fr when left out.")] = None,
    language: Annotated[str, typer.Option("--language", help="Language of the user's pages, fr or en.")] = "fr",
    password_stdin: PasswordStdinOption = False,
) -> None:
    """Add a user, and print the password once."""
    settings = load_settings()
    kind = role_named(role)
    pages, spoken = _language(language, "--language"), frozenset(_language(text, "--speaks") for text in speaks or ["fr"])
    with _opened(settings) as (database, accounts):
        clients = _known_clients(settings, database, (*(client or ()), *(usual or ())))
        password = _password(from_stdin=password_stdin)
        user = accounts.add_user(
            login=login,
            name=name,
            role=kind,
            password=password,
            language=pages,
            speaks=spoken,
            clients=clients & frozenset(client or ()),
            usual_for=clients & frozenset(usual or ()),
        )
    _tell(user, "added", None if password_stdin else password)


@app.command("list")
def list_users(*, as_json: JsonOption = False) -> None:
    """List the users."""
    with _opened(load_settings()) as (_, accounts):
        users = accounts.users()
    if as_json:
        for user in users:
            _print_user(user)
        return
    table = Table("identifiant", "nom", "rôle", "clients", "langues", "double auth.", "état")
    for user in users:
        clients = "tous" if user.clients is None else ", ".join(sorted(user.clients))
        second, state = "oui" if user.second_factor else "non", "désactivé" if user.disabled else "actif"
        table.add_row(user.login, user.name, user.role, clients, ", ".join(sorted(user.speaks)), second, state)
    Console().print(table)


@app.command()
def passwd(
    login: LoginArgument,
    *,
    password_stdin: PasswordStdinOption = False,
    drop_second_factor: Annotated[
        bool, typer.Option("--drop-second-factor", help="No code is asked for any more: the telephone is lost.")
    ] = False,
) -> None:
    """Give a user another password, print it once, and sign the user out everywhere."""
    with _opened(load_settings()) as (_, accounts):
        user = accounts.user_named(login)
        password = _password(from_stdin=password_stdin)
        accounts.set_password(user, password)
        if drop_second_factor:
            accounts.second_factors.drop(user)
    _tell(user, "password changed", None if password_stdin else password)


@app.command()
def disable(login: LoginArgument) -> None:
    """Sign a user out and let the user in no more; what the user did is kept."""
    with _opened(load_settings()) as (_, accounts):
        user = accounts.user_named(login)
        accounts.set_disabled(user, disabled=True)
    _tell(user, "disabled")


@app.command()
def enable(login: LoginArgument) -> None:
    """Let a disabled user in again."""
    with _opened(load_settings()) as (_, accounts):
        user = accounts.user_named(login)
        accounts.set_disabled(user, disabled=False)
    _tell(user, "enabled")


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Database, Accounts]]:
    database = open_database(settings)
    try:
        yield database, Accounts(database, clock=lambda: datetime.now(UTC))
    finally:
        database.close()


def _known_clients(settings: Settings, database: Database, names: Sequence[str]) -> frozenset[ClientId]:
    if not names:
        return frozenset()
    catalogue = ClientCatalogue.load(clients_dir(settings))
    known = frozenset(catalogue.by_id(name).id for name in names)
    register_clients(database, catalogue, now=datetime.now(UTC))
    return known


def _language(text: str, option: str) -> Language:
    if text not in ("fr", "en"):
        raise InputError(f"{option} {text!r}: expected fr or en")
    return "en" if text == "en" else "fr"


def _password(*, from_stdin: bool) -> str:
    if not from_stdin:
        return generated_password()
    try:
        return sys.stdin.buffer.readline(4096).decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as exc:
        raise InputError("the password on standard input is not UTF-8 text") from exc


def _tell(user: User, what: str, password: str | None = None) -> None:
    sys.stdout.write(f"{user.login}: {what}\n")
    if password is not None:
        sys.stdout.write(f"password, shown this once: {password}\n")


def _print_user(user: User) -> None:
    print_json(
        {
            "login": user.login,
            "name": user.name,
            "role": user.role.value,
            "clients": None if user.clients is None else [*sorted(user.clients)],
            "usual_for": [*sorted(user.usual_for)],
            "speaks": [*sorted(user.speaks)],
            "language": user.language,
            "second_factor": user.second_factor,
            "disabled": user.disabled,
        }
    )
