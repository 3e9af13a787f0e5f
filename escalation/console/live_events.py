"""What happens at the desk, as server-sent events: first everything (`snapshot`), then what changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

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
"""Between two looks at whether the session still lasts. The framework sends a comment line as often when nothing else is sent."""


def event_router(desk: ConsoleDesk, access: Access, pages: Pages) -> APIRouter:
    """Route `GET /desk/events`. The stream ends with the session, and when the desk closes its subscriptions.

    Args:
        desk: Whose news.
        access: The guard.
        pages: Has the sentences.
    """
    router = APIRouter(route_class=route_class(pages))
    member = Depends(access.requires(*DESK_ROLES))

    @router.get("/desk/events", response_class=EventSourceResponse)
    async def events(request: Request, user: User = member) -> AsyncIterator[ServerSentEvent]:
        async with desk.subscribe(user) as news:
            watch = asyncio.create_task(_end_with_session(news, request, access))
            try:
                yield ServerSentEvent(event="snapshot", data=await desk.snapshot(user), retry=AGAIN_MS)
                async for update in news:
                    yield ServerSentEvent(event=update.kind, raw_data=update.json)
            finally:
                watch.cancel()

    return router


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
