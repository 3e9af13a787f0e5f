"""What secretaries and supervisors do: one route a command, JSON in and out."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends

from accounts.access import Access
from accounts.users import DESK_ROLES, Role, User
from escalation.console.answers import route_class
from escalation.console.bodies import Accept, CallbackResult, Force, Hint, Hold, Move, Note, Refuse, Sheet, Status, Transfer
from escalation.console.console_desk import ConsoleDesk
from voicebot.core.ids import CallId, TicketId, UserId
from voicebot.web.pages import Pages

Done = dict[str, bool]
_DONE: Done = {"done": True}


def command_router(desk: ConsoleDesk, access: Access, pages: Pages) -> APIRouter:
    """Routes that read or change one ticket, call or secretary.

    Args:
        desk: Does it.
        access: The guard.
        pages: Has the sentences.
    """
    router = APIRouter(prefix="/desk", route_class=route_class(pages))
    _ticket_routes(router, desk, access)
    _callback_routes(router, desk, access)
    _supervisor_routes(router, desk, access)
    member = Depends(access.requires(*DESK_ROLES))

    @router.post("/status")
    async def status(body: Status, user: User = member) -> Done:
        await desk.declare(user, body.status, body.reason)
        return _DONE

    @router.post("/calls/{call}/hint")
    async def hint(call: CallId, body: Hint, user: User = member) -> Done:
        await desk.hint(user, call, body.text)
        return _DONE

    return router


def _ticket_routes(router: APIRouter, desk: ConsoleDesk, access: Access) -> None:
    member = Depends(access.requires(*DESK_ROLES))

    @router.get("/tickets/{ticket}/file", response_model=None)
    async def file(ticket: TicketId, user: User = member) -> Any:
        return await desk.file(user, ticket)

    @router.post("/tickets/{ticket}/accept")
    async def accept(ticket: TicketId, body: Accept | None = None, user: User = member) -> Done:
        await desk.accept(user, ticket, spoken=body is not None and body.spoken)
        return _DONE

    @router.post("/tickets/{ticket}/refuse")
    async def refuse(ticket: TicketId, body: Refuse, user: User = member) -> Done:
        await desk.refuse(user, ticket, body.why)
        return _DONE

    @router.post("/tickets/{ticket}/hang-up")
    async def hang_up(ticket: TicketId, user: User = member) -> Done:
        await desk.hang_up(user, ticket)
        return _DONE

    @router.post("/tickets/{ticket}/give-back")
    async def give_back(ticket: TicketId, user: User = member) -> Done:
        await desk.give_back(user, ticket)
        return _DONE

    @router.post("/tickets/{ticket}/hold")
    async def hold(ticket: TicketId, body: Hold, user: User = member) -> Done:
        await desk.hold(user, ticket, on=body.on)
        return _DONE

    @router.post("/tickets/{ticket}/transfer")
    async def transfer(ticket: TicketId, body: Transfer, user: User = member) -> Done:
        await desk.transfer(user, ticket, body.number)
        return _DONE

    @router.post("/tickets/{ticket}/note")
    async def note(ticket: TicketId, body: Note, user: User = member) -> Done:
        await desk.note(user, ticket, body.text)
        return _DONE

    @router.post("/tickets/{ticket}/extend")
    async def extend(ticket: TicketId, user: User = member) -> Done:
        await desk.extend_wrap_up(user, ticket)
        return _DONE

    @router.post("/tickets/{ticket}/wrap-up")
    async def wrap_up(ticket: TicketId, body: Sheet, user: User = member) -> Done:
        await desk.save_wrap_up(user, ticket, body.wrap_up(), finish=body.finish)
        return _DONE


def _callback_routes(router: APIRouter, desk: ConsoleDesk, access: Access) -> None:
    member = Depends(access.requires(*DESK_ROLES))

    @router.post("/tickets/{ticket}/callback")
    async def take(ticket: TicketId, user: User = member) -> Done:
        await desk.take_callback(user, ticket)
        return _DONE

    @router.post("/tickets/{ticket}/callback-result")
    async def result(ticket: TicketId, body: CallbackResult, user: User = member) -> Done:
        await desk.callback_result(user, ticket, reached=body.reached)
        return _DONE


def _supervisor_routes(router: APIRouter, desk: ConsoleDesk, access: Access) -> None:
    supervisor = Depends(access.requires(Role.SUPERVISOR, Role.ADMINISTRATOR))

    @router.post("/tickets/{ticket}/move")
    async def move(ticket: TicketId, body: Move, user: User = supervisor) -> Done:
        await desk.move(user, ticket, body.to)
        return _DONE

    @router.post("/secretaries/{secretary}/status")
    async def force(secretary: UserId, body: Force, user: User = supervisor) -> Done:
        await desk.force(user, secretary, body.status)
        return _DONE
