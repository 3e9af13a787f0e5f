"""Accounts whose clock stands still until it is told, with passwords that hash in no time, and an application of their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from accounts.access import Access
from accounts.answers import answer_refusals
from accounts.passwords import Passwords
from accounts.routes import FOLDER, STATIC, accounts_router
from accounts.service import Accounts
from tests.fakes.stored import NOW
from voicebot.records.database import Database
from voicebot.web.pages import STATIC as WEB_STATIC
from voicebot.web.pages import Pages
from voicebot.web.security import SecurityHeaders

PASSWORD = "correct horse battery"
QUICK = Passwords(iterations=1, memory_kib=8)


class StoppedClock:
    """Gives the same time until `pass_` moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, time: timedelta) -> None:
        """Let time go by."""
        self.now += time


def open_accounts(database: Database, clock: Callable[[], datetime] | None = None) -> Accounts:
    """Accounts on a database."""
    return Accounts(database, clock=clock or StoppedClock(), passwords=QUICK)


def accounts_application(accounts: Accounts, *, trusted_proxy: bool = False) -> tuple[FastAPI, Access]:
    """An application with the pages of accounts, and the guard for further routes."""
    app, pages, access = FastAPI(), Pages.of(FOLDER), Access(accounts, trusted_proxy=trusted_proxy)
    app.add_middleware(SecurityHeaders)
    app.include_router(accounts_router(accounts, access, pages))
    app.mount("/static/web", StaticFiles(directory=WEB_STATIC))
    app.mount("/static/accounts", StaticFiles(directory=STATIC))
    answer_refusals(app, pages)
    return app, access
