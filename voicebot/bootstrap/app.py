"""All pages, sockets and parts of the server, put together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fastapi import FastAPI
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from accounts import routes as accounts_pages
from accounts.access import Access
from accounts.answers import answer_refusals
from accounts.refusals import AccessError
from accounts.service import Accounts
from accounts.users import User
from escalation.console import music
from escalation.console import routes as console
from escalation.desk import Desk
from escalation.floor import Speech
from escalation.live_handoff import LiveHandoff
from voicebot.bootstrap.exchange import Exchange
from voicebot.bootstrap.health import Check, health_router
from voicebot.bootstrap.metrics import Figures, Metrics
from voicebot.bootstrap.resume_tokens import ResumeTokens
from voicebot.bootstrap.runtime import Runtime
from voicebot.bootstrap.visitors import is_local
from voicebot.config import PhoneAccess, Settings
from voicebot.core.audio import Samples
from voicebot.core.clock import Clock
from voicebot.core.errors import RecordsError
from voicebot.core.language import Language
from voicebot.transports.browser import RATE_HZ
from voicebot.transports.phone import routes as phone
from voicebot.transports.phone.exchange import PhoneUse
from voicebot.transports.phone.open_lines import Limits
from voicebot.web import pages as web
from voicebot.web.pages import Pages
from voicebot.web.security import BodyLimit, SecurityHeaders


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The parts that the server starts and stops."""

    app: FastAPI
    desk: Desk
    exchange: Exchange
    metrics: Metrics
    recordings: Path


def build_app(runtime: Runtime, settings: Settings, *, clock: Clock, accounts: Accounts) -> App:
    """Put the server together; from the event loop that it will run on.

    Raises:
        RecordsError: the data folder cannot be written.
    """
    recordings = _folder(settings.data_dir / "recordings")
    desk = Desk(database=runtime.database, clients=runtime.clients, clock=clock, live=runtime.calls, speech=_speech(runtime))
    runtime.handoff = LiveHandoff(desk, loop=asyncio.get_running_loop())
    metrics = Metrics(_desk_gauges(desk), lambda: {"calls_live": len(runtime.calls), "events_lost": runtime.events.lost_rows})
    exchange = Exchange(
        runtime,
        clock=clock,
        watch=desk.sink,
        tokens=ResumeTokens.of(settings.data_dir),
        metrics=metrics,
        recordings=recordings,
        max_calls=settings.max_calls,
    )
    app = FastAPI(title="Permanence", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(BodyLimit, larger={music.PATH: music.MAX_BYTES})
    app.add_middleware(SecurityHeaders)
    _mount_pages(app, runtime, settings, clock, exchange, desk, accounts)
    app.include_router(health_router(_checks(runtime, exchange), metrics, is_local=is_local))
    return App(app=app, desk=desk, exchange=exchange, metrics=metrics, recordings=recordings)


def _mount_pages(
    app: FastAPI, runtime: Runtime, settings: Settings, clock: Clock, exchange: Exchange, desk: Desk, accounts: Accounts
) -> None:
    access = Access(accounts, trusted_proxy=settings.behind_proxy)
    account_pages = Pages.of(accounts_pages.FOLDER)
    answer_refusals(app, account_pages)
    app.add_exception_handler(RecordsError, _cannot_store)
    static = {"web": web.STATIC, "accounts": accounts_pages.STATIC, "desk": console.STATIC, "phone": phone.STATIC}
    for name, folder in static.items():
        app.mount(f"/static/{name}", StaticFiles(directory=folder), name=name)
    app.include_router(accounts_pages.accounts_router(accounts, access, account_pages))
    console_pages = Pages.of(console.FOLDER)
    app.include_router(console.console_router(desk, access, console_pages))
    app.include_router(music.music_router(runtime.music, runtime.clients, access, console_pages))
    limits = Limits(in_all=settings.max_calls, per_address=settings.max_calls_per_address)
    allowed = PhoneGuard(settings.phone, access.user).allowed
    app.include_router(
        phone.phone_router(exchange, allowed=allowed, pages=Pages.of(phone.FOLDER), now_s=clock.now_s, limits=limits)
    )

    @app.get("/", include_in_schema=False)
    async def home() -> Response:
        return RedirectResponse("/login", status_code=303)


class PhoneGuard:
    """Who may ring from the browser softphone, by the setting `phone`."""

    def __init__(self, who: PhoneAccess, user: Callable[[HTTPConnection], Awaitable[User]]) -> None:
        """Guard by the setting; `user` tells who is signed in, or raises AccessError."""
        self._who = who
        self._user = user

    async def allowed(self, connection: HTTPConnection) -> PhoneUse:
        """What this visitor may do. Only staff, or somebody at this very machine, may ring as any calling number."""
        if self._who == "off":
            return PhoneUse(may_call=False)
        if is_local(connection) and self._who in {"local", "open"}:
            return PhoneUse(may_call=True, may_choose_caller=True, sees_lines=True)
        try:
            user = await self._user(connection)
        except AccessError:
            if self._who == "open":
                return PhoneUse(may_call=True)
            if connection.scope["type"] == "websocket":
                return PhoneUse(may_call=False)
            raise
        return PhoneUse(may_call=True, may_choose_caller=user.works_at_desk, sees_lines=user.works_at_desk)


def _speech(runtime: Runtime) -> Speech:
    """Says briefings to secretaries, in the bot's voice."""

    async def say(text: str, language: Language) -> Samples:
        clauses = runtime.speaker.speak(text, language=language, rate_hz=RATE_HZ)
        return np.concatenate([await asyncio.wrap_future(clause.audio) for clause in clauses])

    return say


def _desk_gauges(desk: Desk) -> Figures:
    def read() -> dict[str, float]:
        figures = desk.figures()
        names = ("waiting", "longest_wait_s", "talking", "wrapping_up", "callbacks", "connected", "available", "free", "failures")
        return {f"desk_{name}": float(getattr(figures, name)) for name in names}

    return read


def _checks(runtime: Runtime, exchange: Exchange) -> dict[str, Check]:
    def database() -> str | None:
        try:
            with runtime.database.session() as session:
                session.connection()
        except RecordsError as failure:
            return str(failure)
        return None

    def events() -> str | None:
        failure = runtime.events.failure
        return None if failure is None else str(failure)

    def calls() -> str | None:
        if not exchange.open:
            return "the server is stopping"
        return "all lines are busy" if exchange.full else None

    return {"database": database, "events": events, "calls": calls}


async def _cannot_store(_request: Request, failure: Exception) -> Response:
    return JSONResponse({"code": "records", "message": str(failure)}, status_code=503)


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise RecordsError(f"{path}: {exc.strerror}, expected a folder that can be written") from exc
    return path
