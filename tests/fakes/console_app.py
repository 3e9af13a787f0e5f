"""The console's pages on a desk of the tests' own, with real accounts, served as the server serves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from accounts.access import Access
from accounts.answers import answer_refusals
from accounts.routes import FOLDER as ACCOUNTS_FOLDER
from accounts.service import Accounts
from accounts.sessions import SignedIn
from accounts.users import Role
from escalation.console.console_desk import ConsoleDesk
from escalation.console.routes import FOLDER, STATIC, console_router
from tests.fakes.accounts import PASSWORD, open_accounts
from tests.fakes.console_data import FIRMS, LILAS
from voicebot.core.ids import ClientId
from voicebot.records.clients import register_client
from voicebot.records.database import Database
from voicebot.web.pages import STATIC as WEB_STATIC
from voicebot.web.pages import Pages
from voicebot.web.security import SecurityHeaders


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleApp:
    """The application, and who is signed in, by login."""

    app: FastAPI
    accounts: Accounts
    signed_in: Mapping[str, SignedIn]

    def sign_out(self, login: str) -> None:
        """Somebody's session ends."""
        self.accounts.sign_out(self.signed_in[login].token)


def console_app(database: Database, desk: ConsoleDesk) -> ConsoleApp:
    """Four people: `lea` works for all clients, `anne` for the Lilas alone, `nathalie` supervises, `martin` is a client."""
    accounts = open_accounts(database, lambda: datetime.now(UTC))
    for number, (client, name) in enumerate(FIRMS.items()):
        line = f"+331990010{number:02}"
        register_client(
            database, client=ClientId(client), name=name, zone="Europe/Paris", version="v1", lines=(line,), now=datetime.now(UTC)
        )
    lilas = frozenset({ClientId(LILAS)})
    accounts.add_user(login="lea", name="Léa Fontaine", role=Role.SECRETARY, password=PASSWORD)
    accounts.add_user(login="anne", name="Anne Leroy", role=Role.SECRETARY, password=PASSWORD, clients=lilas)
    accounts.add_user(login="nathalie", name="Nathalie Roux", role=Role.SUPERVISOR, password=PASSWORD, language="en")
    accounts.add_user(login="martin", name="Claire Martin", role=Role.CLIENT_ADMIN, password=PASSWORD, clients=lilas)
    access = Access(accounts)
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    answer_refusals(app, Pages.of(ACCOUNTS_FOLDER))
    app.include_router(console_router(desk, access, Pages.of(FOLDER)))
    app.mount("/static/web", StaticFiles(directory=WEB_STATIC))
    app.mount("/static/desk", StaticFiles(directory=STATIC))
    signed_in = {login: accounts.sign_in(login, PASSWORD, "", "") for login in ("lea", "anne", "nathalie", "martin")}
    return ConsoleApp(app=app, accounts=accounts, signed_in=signed_in)
