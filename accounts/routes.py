"""The pages that let people in and out. `accounts.account_routes` has what they find inside."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from accounts.access import COOKIE, Access
from accounts.account_routes import account_router
from accounts.hashing_queue import HashingQueue
from accounts.lockout import LOCK_MINUTES
from accounts.paths import LOGIN, home_of, local_path
from accounts.refusals import ForgedRequestError, NotSignedInError, OverrunError, SignInRefusedError
from accounts.service import Accounts
from voicebot.web.pages import Pages
from voicebot.web.security import same_origin

FOLDER = Path(__file__).parent
"""Templates and texts: `Pages.of(FOLDER)`."""
STATIC = FOLDER / "static"
"""Served as `/static/accounts`."""
_SEE_OTHER = 303


def accounts_router(accounts: Accounts, access: Access, pages: Pages) -> APIRouter:
    """Routes `/login`, `/logout` and `/account`.

    Args:
        accounts: Who there is.
        access: The guard.
        pages: Of this package.
    """
    router = APIRouter()
    hashing = HashingQueue()

    def form(
        request: Request, wanted: str | None, *, login: str = "", refusal: SignInRefusedError | OverrunError | None = None
    ) -> Response:
        return pages.render(
            request,
            "login.html",
            status=200 if refusal is None else refusal.status,
            wanted=wanted,
            query=urlencode({"next": wanted}) if wanted else "",
            login=login,
            lock_minutes=LOCK_MINUTES,
            refusal=None if refusal is None else refusal.code,
        )

    @router.get(LOGIN)
    async def ask(request: Request, next: str | None = None) -> Response:  # noqa: A002 - the name in the address
        wanted = local_path(next)
        try:
            user = await access.user(request)
        except NotSignedInError:
            return form(request, wanted)
        return RedirectResponse(wanted or home_of(user), status_code=_SEE_OTHER)

    @router.post(LOGIN)
    async def sign_in(
        request: Request,
        login: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        code: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "",  # noqa: A002 - likewise
    ) -> Response:
        if not same_origin(request):  # there is no session yet whose token could be asked for
            raise ForgedRequestError
        wanted = local_path(next)
        try:
            signed_in = await hashing.run(partial(accounts.sign_in, login, password, code, access.address(request)))
        except (SignInRefusedError, OverrunError) as refusal:
            return form(request, wanted, login=login, refusal=refusal)
        await _end(request)
        response = RedirectResponse(wanted or home_of(signed_in.user), status_code=_SEE_OTHER)
        access.let_in(response, request, signed_in.token)
        return response

    @router.post("/logout", dependencies=[Depends(access.requires())])
    async def sign_out(request: Request) -> Response:
        await _end(request)
        response = RedirectResponse(LOGIN, status_code=_SEE_OTHER)
        access.let_out(response, request)
        return response

    async def _end(request: Request) -> None:
        token = request.cookies.get(COOKIE)
        if token:
            await asyncio.to_thread(accounts.sign_out, token)

    router.include_router(account_router(accounts, access, pages, hashing))
    return router
