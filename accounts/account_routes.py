"""`/account`: what a user may see and change of the own account."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from accounts.access import Access
from accounts.hashing_queue import HashingQueue
from accounts.lockout import LOCK_MINUTES
from accounts.passwords import MAX_CHARACTERS, MIN_CHARACTERS, weakness_of
from accounts.paths import ACCOUNT, home_of
from accounts.refusals import AccessError, OverrunError, SignInRefusedError
from accounts.second_factor import in_groups, qr_code
from accounts.service import Accounts
from accounts.users import User
from voicebot.core.language import Language
from voicebot.web.pages import LANGUAGE_COOKIE, Pages

_DONE = frozenset({"language", "password", "second_factor_on", "second_factor_off"})
"""What the page may be told in its address to have been done."""
_SEE_OTHER = 303
_UNPROCESSABLE = 422


def account_router(accounts: Accounts, access: Access, pages: Pages, hashing: HashingQueue) -> APIRouter:
    """Routes under `/account`, for whoever is signed in."""
    router = APIRouter(prefix=ACCOUNT, dependencies=[Depends(access.requires())])
    factors = accounts.second_factors

    async def page(request: Request, user: User, *, status: int = 200, **errors: str) -> Response:
        secret = await asyncio.to_thread(factors.pending_secret, user)
        done = request.query_params.get("done")
        return pages.render(
            request,
            "account.html",
            status=status,
            language=user.language,
            csrf=access.csrf(request),
            user=user,
            home=home_of(user),
            secret=None if secret is None else in_groups(secret),
            qr_code=None if secret is None else qr_code(secret, user.login),
            errors=errors,
            done=done if done in _DONE else None,
            lock_minutes=LOCK_MINUTES,
            min_characters=MIN_CHARACTERS,
            max_characters=MAX_CHARACTERS,
        )

    @router.get("")
    async def show(request: Request) -> Response:
        return await page(request, await access.user(request))

    @router.post("/language")
    async def choose_language(request: Request, language: Annotated[Language, Form()]) -> Response:
        await asyncio.to_thread(accounts.set_language, await access.user(request), language)
        response = _done("language")
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=31_536_000, httponly=True, samesite="lax")
        return response

    @router.post("/password")
    async def change_password(
        request: Request,
        current: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        again: Annotated[str, Form()] = "",
    ) -> Response:
        user = await access.user(request)
        wrong = _wrong_with(password, again, user)
        if wrong:
            return await page(request, user, status=_UNPROCESSABLE, **wrong)
        try:
            renewed = await hashing.run(partial(accounts.change_password, user, current, password, access.address(request)))
        except (SignInRefusedError, OverrunError) as refusal:
            return await page(request, user, status=_UNPROCESSABLE, current=_field_error(refusal))
        response = _done("password")
        access.let_in(response, request, renewed.token)
        return response

    @router.post("/second-factor")
    async def begin(request: Request) -> Response:
        await asyncio.to_thread(factors.begin, await access.user(request))
        return RedirectResponse(f"{ACCOUNT}#second-factor", status_code=_SEE_OTHER)

    @router.post("/second-factor/confirm")
    async def confirm(request: Request, code: Annotated[str, Form()] = "") -> Response:
        user = await access.user(request)
        if await asyncio.to_thread(factors.confirm, user, code):
            return _done("second_factor_on")
        return await page(request, user, status=_UNPROCESSABLE, code="wrong_code")

    @router.post("/second-factor/remove")
    async def remove(request: Request, password: Annotated[str, Form()] = "") -> Response:
        user = await access.user(request)
        try:
            await hashing.run(partial(factors.remove, user, password, access.address(request)))
        except (SignInRefusedError, OverrunError) as refusal:
            return await page(request, user, status=_UNPROCESSABLE, factor_password=_field_error(refusal))
        return _done("second_factor_off")

    return router


def _wrong_with(password: str, again: str, user: User) -> Mapping[str, str]:
    weakness = weakness_of(password, login=user.login)
    if weakness is not None:
        return {"password": weakness}
    return {"again": "different"} if again != password else {}


def _field_error(refusal: AccessError) -> str:
    # Here the login is known: it can only be the password.
    return "wrong_password" if refusal.code == SignInRefusedError.code else refusal.code


def _done(what: str) -> RedirectResponse:
    return RedirectResponse(f"{ACCOUNT}?done={what}", status_code=_SEE_OTHER)
