"""What happens at the desk, as server-sent events: first everything (`snapshot`), then what changes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Depends, Request
from starlette.responses import StreamingResponse
from starlette.types import Send

from accounts.access import Access
from accounts.refusals import NotSignedInError
from accounts.users import DESK_ROLES, User
from escalation.console.answers import route_class
from escalation.console.console_desk import ConsoleDesk
from escalation.updates import Subscription
from voicebot.core.errors import RecordsError
from voicebot.web.pages import Pages

AGAIN_MS = 1000
"""How soon a browser that lost the stream comes back."""
CHECK_S = 15.0
"""Between two looks at whether the session still lasts."""
QUIET_S = 15.0
"""After so long without news a comment is sent, so that no proxy takes the stream for dead."""
_COMMENT = b": quiet\n\n"


def event_router(desk: ConsoleDesk, access: Access, pages: Pages) -> APIRouter:
    """Route `GET /desk/events`. The stream ends with the session, and when the desk closes its subscriptions.

    Args:
        desk: Whose news.
        access: The guard.
        pages: Has the sentences.
    """
    router = APIRouter(route_class=route_class(pages))
    member = Depends(access.requires(*DESK_ROLES))

    @router.get("/desk/events", response_model=None)
    async def events(request: Request, user: User = member) -> EventStream:
        return EventStream(desk, user, end=lambda news: _end_with_session(news, request, access))

    return router


class EventStream(StreamingResponse):
    """One console's stream.

    Written by hand because a change goes to every console at the same moment, on the loop that carries the audio: FastAPI's own
    takes three tasks and two buffers for each event of each console, a quarter of a busy server's time.
    """

    media_type = "text/event-stream"

    def __init__(self, desk: ConsoleDesk, user: User, *, end: Callable[[Subscription], Awaitable[None]]) -> None:
        """Make the answer to a request.

        Args:
            desk: Whose news.
            user: Who looks.
            end: Run beside the stream; closes the subscription when there is to be no more of it.
        """
        super().__init__((), headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        self._desk = desk
        self._user = user
        self._end = end

    async def stream_response(self, send: Send) -> None:
        """Begin, go on while there is news, end; cancelled when the browser has gone."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with self._desk.subscribe(self._user) as news:
            watch = asyncio.ensure_future(self._end(news))
            try:
                snapshot = json.dumps(await self._desk.snapshot(self._user), ensure_ascii=False)
                part = f"event: snapshot\ndata: {snapshot}\nretry: {AGAIN_MS}\n\n".encode()
                while part:
                    await send({"type": "http.response.body", "body": part, "more_body": True})
                    part = await _next_part(news)
            finally:
                watch.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _next_part(news: Subscription) -> bytes:
    """All news that there is; nothing once the subscription is closed."""
    try:
        async with asyncio.timeout(QUIET_S):
            return b"".join(update.event for update in await anext(news))
    except TimeoutError:
        return _COMMENT
    except StopAsyncIteration:
        return b""


async def _end_with_session(news: Subscription, request: Request, access: Access) -> None:
    while True:
        await asyncio.sleep(CHECK_S)
        try:
            await access.session(request)
        except NotSignedInError:
            news.close()
            return
        except RecordsError:
            continue  # asked again in a moment
