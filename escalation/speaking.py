"""What is said aloud around a conversation: the briefing to the secretary, the announcement of a transfer to the caller."""

from __future__ import annotations

import structlog

from escalation.floor import Floor
from escalation.onward import announcement, destination
from escalation.refusals import Why, refusal
from escalation.switchboard import Post, Speak
from voicebot.clients.consignes import in_language
from voicebot.core.audio import Samples
from voicebot.core.errors import SynthesisError, TransportError
from voicebot.core.ids import TicketId, UserId
from voicebot.core.language import Language
from voicebot.core.tickets import Ticket, TicketEvent

_LOOK_S = 0.1
_log = structlog.get_logger(__name__)


def briefing(floor: Floor, ticket: Ticket) -> Speak:
    """What makes the spoken briefing of a ticket: for which client, and the bot's summary."""

    async def speak() -> Samples | None:
        consignes = floor.consignes(ticket.client)
        language: Language = "fr" if consignes is None else consignes.languages[0]  # that of the summary
        name = "" if consignes is None else f"{in_language(consignes.name, language)}. "
        return await _spoken(floor, f"{name}{ticket.summary}", language)

    return speak


async def pass_on(floor: Floor, ticket: Ticket, user: UserId, number: str) -> None:
    """Transfer the caller of a conversation; every attempt leaves its trace.

    Raises:
        RefusalError: the client has not set up the number, there is no line out, or nobody answered: she still has the caller.
        RecordsError: the database refuses.
    """
    to = destination(floor.rules(ticket.client), number)
    if floor.dialler is None:
        raise await _failed(floor, ticket.id, user, number, "no_line_out")
    post, text = floor.switchboard.get(ticket.id), announcement(to, ticket.language)
    if post is not None:
        await _announce(floor, post, text, ticket.language)
    try:
        await floor.dialler.dial(ticket.call, to.number, text)
    except TransportError as exc:
        raise await _failed(floor, ticket.id, user, number, "transfer_failed") from exc
    await _note(floor, ticket.id, user, number, "transferred")


async def _announce(floor: Floor, post: Post, text: str, language: Language) -> None:
    """Tell the caller; the secretary is not heard meanwhile."""
    spoken = await _spoken(floor, text, language)
    if spoken is not None:
        post.bridge.announce(spoken)
    async with floor.clock.joined():
        while post.bridge.announcing:
            await floor.clock.sleep_until(floor.clock.now_s() + _LOOK_S)


async def _spoken(floor: Floor, text: str, language: Language) -> Samples | None:
    if floor.speech is None:
        return None
    try:
        return await floor.speech(text, language)
    except SynthesisError as failure:
        _log.warning("desk_is_mute", code=failure.code, message=str(failure))
        return None


async def _failed(floor: Floor, ticket: TicketId, user: UserId, number: str, why: Why) -> Exception:
    await _note(floor, ticket, user, number, why)
    return refusal(why)


async def _note(floor: Floor, ticket: TicketId, user: UserId, number: str, result: str) -> None:
    data = {"number": number, "result": result}
    now = floor.clock.wall()
    await floor.ledger.note(TicketEvent(ticket=ticket, kind="transfer", at=now, user=user, data=data))
