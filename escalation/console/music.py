"""The page where supervisors listen to, replace and take away the music that a client's waiting callers hear."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import Iterable
from typing import Annotated, Literal, Protocol

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from accounts.access import Access
from accounts.refusals import NotFoundError
from accounts.users import Role, User
from voicebot.clients.consignes import Consignes, in_language
from voicebot.core.audio import Samples
from voicebot.core.errors import AudioFileError, StorageFullError
from voicebot.core.ids import ClientId
from voicebot.web.pages import Pages, language_of

PATH = "/desk/music"
MAX_BYTES = 20_000_000
"""Ten minutes at 16 kHz."""
_PREVIEW_HZ = 16_000
_SEE_OTHER = 303


class Music(Protocol):
    """Where the loops are; blocking."""

    def source(self, consignes: Consignes) -> Literal["uploaded", "consignes", "house"]:
        """Where a client's music comes from."""

    def loop(self, consignes: Consignes, rate_hz: int) -> Samples:
        """The client's loop at `rate_hz`, int16 mono."""

    def keep(self, client: ClientId, wav: bytes) -> None:
        """Put a file in the place of the client's music.

        Raises:
            AudioFileError: it will not do; the music stays as it was.
            StorageFullError: it cannot be written.
        """

    def remove(self, client: ClientId) -> None:
        """Take the uploaded file away."""


def music_router(music: Music, clients: Iterable[Consignes], access: Access, pages: Pages) -> APIRouter:
    """Routes `GET /desk/music`, `GET /desk/music/{client}.wav` and `POST /desk/music/{client}`.

    Args:
        music: The loops.
        clients: Whose.
        access: The guard.
        pages: Of the console.
    """
    router = APIRouter()
    supervisor = Depends(access.requires(Role.SUPERVISOR, Role.ADMINISTRATOR))
    known = {consignes.id: consignes for consignes in clients}

    def seen(user: User, client: str) -> Consignes:
        consignes = known.get(ClientId(client))
        if consignes is None or not user.sees(consignes.id):
            raise NotFoundError
        return consignes

    def page(request: Request, user: User, problem: str | None = None, status: int = 200) -> HTMLResponse:
        language = language_of(request, user.language)
        rows = [(c.id, in_language(c.name, language), music.source(c)) for c in known.values() if user.sees(c.id)]
        csrf = access.csrf(request)
        return pages.render(
            request, "music.html", status=status, language=user.language, csrf=csrf, user=user, place="music", rows=rows,
            problem=problem,
        )  # fmt: skip

    @router.get(PATH)
    async def show(request: Request, user: User = supervisor) -> HTMLResponse:
        return page(request, user)

    @router.get(PATH + "/{client}.wav")
    async def listen(client: str, user: User = supervisor) -> Response:
        loop = await asyncio.to_thread(music.loop, seen(user, client), _PREVIEW_HZ)
        return Response(_wav(loop, _PREVIEW_HZ), media_type="audio/wav")

    @router.post(PATH + "/{client}")
    async def change(
        request: Request, client: str, file: UploadFile | None = None, do: Annotated[str, "keep or remove"] = "keep",
        user: User = supervisor,
    ) -> Response:  # fmt: skip
        consignes = seen(user, client)
        if do == "remove":
            await asyncio.to_thread(music.remove, consignes.id)
            return RedirectResponse(PATH, status_code=_SEE_OTHER)
        sent = b"" if file is None else await file.read()
        try:
            await asyncio.to_thread(music.keep, consignes.id, sent)
        except AudioFileError:
            return page(request, user, "desk.music.refused", 422)
        except StorageFullError:
            return page(request, user, "desk.music.no_room", 507)
        return RedirectResponse(PATH, status_code=_SEE_OTHER)

    return router


def _wav(samples: Samples, rate_hz: int) -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(samples.astype("<i2").tobytes())
    return held.getvalue()
