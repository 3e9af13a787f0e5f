"""The audio of the console: a secretary's two-way leg to her caller, and listening in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine

from fastapi import APIRouter, Depends, WebSocket
from starlette.websockets import WebSocketDisconnect

from accounts.access import WEBSOCKET_CODES, Access
from accounts.refusals import AccessError
from accounts.users import DESK_ROLES, User
from escalation.bridge import Phase
from escalation.console.answers import access_sentence, reader_language, refusal_sentence
from escalation.console.console_desk import ConsoleDesk, Listener
from escalation.legs import SecretaryLeg
from voicebot.core.errors import RefusalError
from voicebot.core.ids import CallId, TicketId
from voicebot.web.pages import Pages

MAX_AUDIO_BYTES = 65_536
"""2 s of audio in one message."""
MAX_TEXT_CHARACTERS = 1024
ENDED = 1000
TOO_BIG = 1009
CONFLICT = WEBSOCKET_CODES + 409


def socket_router(desk: ConsoleDesk, access: Access, pages: Pages) -> APIRouter:
    """WebSockets `/desk/audio?ticket=` and `/desk/listen?call=`.

    Args:
        desk: Whose audio.
        access: The guard.
        pages: Has the sentences.
    """
    router = APIRouter()
    member = Depends(access.requires(*DESK_ROLES))

    @router.websocket("/desk/audio")
    async def audio(socket: WebSocket, ticket: TicketId, user: User = member) -> None:
        await socket.accept()
        try:
            leg = desk.secretary_leg(user, ticket)
        except (AccessError, RefusalError) as exc:
            await _refuse(socket, exc, pages)
            return
        try:
            await _carry(socket, _read(socket, leg), _write(socket, leg))
        finally:
            leg.close()

    @router.websocket("/desk/listen")
    async def listen(socket: WebSocket, call: CallId, user: User = member) -> None:
        await socket.accept()
        try:
            listener = desk.listen(user, call)
        except (AccessError, RefusalError) as exc:
            await _refuse(socket, exc, pages)
            return
        try:
            await _carry(socket, _read(socket, None), _play(socket, listener))
        finally:
            listener.close()

    return router


Way = Coroutine[None, None, int | None]
"""One direction until it is over: the code to close with, or None when the socket is gone."""


async def _carry(socket: WebSocket, incoming: Way, outgoing: Way) -> None:
    """Pass both ways until one is over; the socket is closed on return."""
    async with asyncio.TaskGroup() as tasks:
        reading, writing = tasks.create_task(incoming), tasks.create_task(outgoing)
        reading.add_done_callback(lambda _: writing.cancel())
        writing.add_done_callback(lambda _: reading.cancel())
    code = writing.result() if reading.cancelled() else reading.result()
    if code is not None:
        await _close(socket, code)


async def _read(socket: WebSocket, leg: SecretaryLeg | None) -> int | None:
    """Take what the page sends; without a leg, it is dropped."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        pcm, text = message.get("bytes"), message.get("text") or ""
        if len(pcm or b"") > MAX_AUDIO_BYTES or len(text) > MAX_TEXT_CHARACTERS:
            return TOO_BIG
        if leg is not None and pcm is not None:
            leg.push(pcm)
        elif leg is not None and _says_ready(text):
            leg.ready()


def _says_ready(text: str) -> bool:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(message, dict) and message.get("type") == "ready"


async def _write(socket: WebSocket, leg: SecretaryLeg) -> int | None:
    shown: Phase | None = None
    try:
        while True:
            if leg.phase is not shown:
                shown = leg.phase
                await socket.send_json({"type": "phase", "phase": shown})
            if shown is Phase.ENDED:
                return ENDED
            if frame := await leg.pull():
                await socket.send_bytes(frame)
    except (WebSocketDisconnect, RuntimeError):  # starlette raises RuntimeError on a socket that has just gone
        return None


async def _play(socket: WebSocket, listener: Listener) -> int | None:
    try:
        async for frame in listener:
            await socket.send_bytes(frame)
    except (WebSocketDisconnect, RuntimeError):  # likewise
        return None
    return ENDED


async def _refuse(socket: WebSocket, exc: AccessError | RefusalError, pages: Pages) -> None:
    texts = pages.texts(reader_language(socket))
    message = access_sentence(exc, texts) if isinstance(exc, AccessError) else refusal_sentence(exc, texts)
    code = WEBSOCKET_CODES + exc.status if isinstance(exc, AccessError) else CONFLICT
    try:
        await socket.send_json({"type": "refused", "message": message})
        await socket.close(code)
    except (WebSocketDisconnect, RuntimeError):  # gone before it was told
        return


async def _close(socket: WebSocket, code: int) -> None:
    try:
        await socket.close(code)
    except (WebSocketDisconnect, RuntimeError):  # likewise
        return
