"""The two pages: the secretary's screen and the supervisor's view. Their scripts fill them from the live events."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse

from accounts.access import Access
from accounts.users import DESK_ROLES, Role, User
from escalation.console.bodies import BREAKS, INTENTS, OUTCOMES, REFUSALS
from voicebot.core.secretaries import Declared
from voicebot.web.pages import Pages, language_of

_SCRIPT_TEXTS = ("desk.", "audio.")
_HELP: Sequence[tuple[str, Sequence[tuple[str, Sequence[str]]]]] = (
    (
        "incoming",
        (
            ("desk.help.accept", ("A",)),
            ("desk.help.refuse", ("R",)),
            ("desk.help.select", ("desk.key.up_down", "J", "K")),
            ("desk.help.tabs", ("1", "2", "3")),
            ("desk.help.find", ("Q",)),
            ("desk.help.listen", ("L",)),
            ("desk.help.hint", ("I",)),
        ),
    ),
    (
        "talking",
        (
            ("desk.do.ready", ("P",)),
            ("desk.help.mute", ("M",)),
            ("desk.help.hold", ("H",)),
            ("desk.do.transfer", ("T",)),
            ("desk.help.give_back", ("B",)),
            ("desk.do.hang_up", ("E",)),
            ("desk.help.find_file", ("/",)),
        ),
    ),
    (
        "after",
        (
            ("desk.help.wrap_up", ("F",)),
            ("desk.help.save", ("desk.key.ctrl_enter",)),
            ("desk.do.extend", ("X",)),
            ("desk.help.note", ("N",)),
            ("desk.help.status", ("D",)),
            ("desk.help.sound", ("S",)),
            ("desk.help.briefing", ("V",)),
            ("desk.help.help", ("?",)),
        ),
    ),
)
"""The keys, as the help shows them: group, then (what it does, keys)."""


def screen_router(access: Access, pages: Pages) -> APIRouter:
    """Routes `GET /desk` and `GET /desk/supervisor`.

    Args:
        access: The guard.
        pages: Of this package.
    """
    router = APIRouter()
    member = Depends(access.requires(*DESK_ROLES))
    supervisor = Depends(access.requires(Role.SUPERVISOR, Role.ADMINISTRATOR))

    def page(request: Request, user: User, template: str, place: str) -> HTMLResponse:
        words = pages.texts(language_of(request, user.language))
        return pages.render(
            request,
            template,
            language=user.language,
            csrf=access.csrf(request),
            user=user,
            place=place,
            words={key: text for key, text in words.items() if key.startswith(_SCRIPT_TEXTS)},
            intents=INTENTS,
            outcomes=OUTCOMES,
            refusals=REFUSALS,
            breaks=BREAKS,
            statuses=tuple(Declared),
            help=_HELP,
        )

    @router.get("/desk")
    async def desk_page(request: Request, user: User = member) -> HTMLResponse:
        return page(request, user, "desk.html", "desk")

    @router.get("/desk/supervisor")
    async def supervisor_page(request: Request, user: User = supervisor) -> HTMLResponse:
        return page(request, user, "supervisor.html", "supervisor")

    return router
