"""The softphone's page and its WebSocket."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Request, WebSocket
from starlette.responses import HTMLResponse
from starlette.websockets import WebSocketDisconnect

from voicebot.core.language import Language
from voicebot.transports.phone.addresses import address_of
from voicebot.transports.phone.calls import REFUSED, Connected, Dialled, PhoneCalls
from voicebot.transports.phone.exchange import Allowed, PhoneExchange, PhoneUse, Refusal
from voicebot.transports.phone.numbers import e164, readable
from voicebot.transports.phone.open_lines import Limits
from voicebot.transports.phone.socket import LineSocket
from voicebot.web.pages import Pages, language_of
from voicebot.web.security import same_origin

FOLDER = Path(__file__).parent
"""Templates and texts, for `Pages.of`."""
STATIC = FOLDER / "static"
"""Served as `/static/phone`."""
_SCRIPT_TEXTS = ("phone.", "audio.")


def phone_router(
    exchange: PhoneExchange, *, allowed: Allowed, pages: Pages, now_s: Callable[[], float], limits: Limits | None = None
) -> APIRouter:
    """Routes `GET /phone?line=&caller=` and `WS /phone/audio?line=&caller=&resume=`.

    Args:
        exchange: the server behind the phone.
        allowed: who may use it; what it raises is for the application to handle.
        pages: made by `Pages.of(FOLDER)`.
        now_s: clock of reconnections and limits, seconds.
        limits: how many calls at a time.
    """
    router = APIRouter()
    calls = PhoneCalls(exchange, limits or Limits(), now_s=now_s)

    @router.get("/phone")
    async def phone(request: Request) -> HTMLResponse:
        use = await allowed(request)
        return _page(request, use, exchange, pages) if use.may_call else pages.render(request, "phone_refused.html", status=403)

    @router.websocket("/phone/audio")
    async def audio(socket: WebSocket) -> None:
        if not same_origin(socket):
            await socket.close()  # not accepted: a stranger's page learns nothing
            return
        use = await allowed(socket)
        await socket.accept()
        try:
            found = await _call_for(socket, use, calls)
            if isinstance(found, Refusal):
                text = pages.texts(language_of(socket))[f"phone.refused.{found}"]
                await socket.send_json({"type": "refused", "reason": found, "message": text})
                await socket.close(REFUSED[found])
                return
            await socket.send_json(found.message)
        except WebSocketDisconnect:  # gone before it was told; the line ends by itself
            return
        await LineSocket(socket, found.line, now_s=now_s).carry()

    return router


async def _call_for(socket: WebSocket, use: PhoneUse, calls: PhoneCalls) -> Connected | Refusal:
    """The call that the socket is to carry: the one it lost, or a new one."""
    if not use.may_call:
        return Refusal.NOT_ALLOWED
    asked = socket.query_params
    if "resume" in asked:
        return await calls.resume(asked["resume"], address=address_of(socket))
    dialled = Dialled(line=asked.get("line", ""), caller=asked.get("caller", ""), address=address_of(socket))
    return await calls.begin(dialled, use)


def _page(request: Request, use: PhoneUse, exchange: PhoneExchange, pages: Pages) -> HTMLResponse:
    language = language_of(request)
    lines = exchange.lines(language) if use.sees_lines else ()
    other: Language = "en" if language == "fr" else "fr"
    return pages.render(
        request,
        "phone.html",
        sees_lines=use.sees_lines,
        choices=[(line.number, _capital(line.client_name), readable(line.number)) for line in lines],
        line=e164(request.query_params.get("line", "")) or "",
        chooses_caller=use.may_choose_caller,
        caller=e164(request.query_params.get("caller", "")) or "",
        words={key: text for key, text in pages.texts(language).items() if key.startswith(_SCRIPT_TEXTS)},
        other_query=request.url.include_query_params(lang=other).query,
    )


def _capital(name: str) -> str:
    """« le cabinet des Lilas » at the head of an entry."""
    return name[:1].upper() + name[1:]
