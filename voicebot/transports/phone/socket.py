"""Carries a browser's line over one WebSocket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

from voicebot.transports.browser import BrowserLine
from voicebot.transports.phone.pace import Pace

MAX_AUDIO_BYTES = 65_536
"""2 s of audio in one message."""
MAX_TEXT_CHARACTERS = 1024
MAX_BAD_MESSAGES = 3
"""A peer that goes on sending what is no JSON object speaks another language."""

ENDED = 1000
NOT_UNDERSTOOD = 1003
TOO_BIG = 1009
TAKEN_OVER = 4409
"""Another socket has the line now."""


class LineSocket:
    """One WebSocket while it has the line: from `carry` until it is gone, or another takes over, or the call ends."""

    def __init__(self, socket: WebSocket, line: BrowserLine, *, now_s: Callable[[], float]) -> None:
        self._socket = socket
        self._line = line
        self._pace = Pace(now_s)
        self._awake = asyncio.Event()
        self._bad = 0

    async def carry(self) -> None:
        """Pass everything both ways; the socket is closed on return, the line only when the call is over."""
        connection = self._line.connect(self._awake.set)
        try:
            async with asyncio.TaskGroup() as tasks:
                reading = tasks.create_task(self._read())
                writing = tasks.create_task(self._write(connection))
                reading.add_done_callback(lambda _: writing.cancel())
                writing.add_done_callback(lambda _: reading.cancel())
        finally:
            self._line.lost(connection)
        code = writing.result() if reading.cancelled() else reading.result()
        if code is not None:
            await self._close(code)

    async def _close(self, code: int) -> None:
        try:
            await self._socket.close(code)
        except (WebSocketDisconnect, RuntimeError):  # starlette raises RuntimeError on a socket that has just gone
            return

    async def _read(self) -> int | None:
        """Take what the page sends; the code to close with, None when the socket is gone."""
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return None
            pcm, text = message.get("bytes"), message.get("text")
            size = len(pcm if pcm is not None else text or "")
            if size > (MAX_AUDIO_BYTES if pcm is not None else MAX_TEXT_CHARACTERS):
                return TOO_BIG
            if pcm is not None:
                self._line.take(pcm)
            elif not self._control(text or ""):
                return NOT_UNDERSTOOD
            if (wait_s := self._pace.wait_s(size)) > 0:
                await asyncio.sleep(wait_s)

    def _control(self, text: str) -> bool:
        """Obey a control message; False when too many were none."""
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            message = None
        match message:
            case {"type": "key", "key": str(key)}:
                self._line.take_key(key)
            case {"type": "hang_up"}:
                self._line.caller_hangs_up()
            case {"type": str()}:
                pass  # a newer page may say more than we know
            case _:
                self._bad += 1
        return self._bad < MAX_BAD_MESSAGES

    async def _write(self, connection: int) -> int | None:
        """Send what the line has; the code to close with, None when the socket is gone."""
        try:
            while self._line.holds(connection):
                self._awake.clear()
                if await self._send_next():
                    continue
                if self._line.over is not None:
                    await self._socket.send_text(json.dumps({"type": "ended", "reason": self._line.over}))
                    return ENDED
                await self._awake.wait()
        except WebSocketDisconnect:
            return None
        return TAKEN_OVER

    async def _send_next(self) -> bool:
        match self._line.next_out():
            case bytes(pcm):
                await self._socket.send_bytes(pcm)
            case str(text):
                await self._socket.send_text(text)
            case None:
                return False
        return True
