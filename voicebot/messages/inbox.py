"""Taking a message: stored before the caller is told so."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from voicebot.core.ids import CallId, ClientId, MessageId, PersonId
from voicebot.records.database import Database
from voicebot.records.messages import MessageText, add_message

MessageKind = Literal["message", "callback", "lead", "request"]
"""A message; a wish to be called back; a prospect; an appointment that the agenda could not confirm."""


def take_message(
    database: Database,
    *,
    call: CallId | None,
    client: ClientId,
    kind: MessageKind,
    person: str | None,
    phone: str | None,
    reason: str,
    now: datetime,
    for_person: PersonId | None = None,
    urgent: bool = False,
    best_time: str | None = None,
    unsure: tuple[str, ...] = (),
) -> MessageId:
    """Store a message; committed on return.

    Args:
        database: Where.
        call: The call in which it was left.
        client: For which firm.
        kind: What is expected of whoever reads it.
        person: Who left it; None when not given.
        phone: Where to reach them, E.164; None when not given.
        reason: What for, in one or two sentences.
        now: Aware.
        for_person: Whom of the firm it is for; None for anybody.
        urgent: Whether it goes first.
        best_time: When to call back, in the caller's words.
        unsure: Fields that were not confirmed, shown to whoever reads.

    Raises:
        RecordsError: the client or call is unknown, or the database refuses; nothing was stored.
    """
    text = MessageText(
        kind=kind,
        person=person,
        phone=phone,
        reason=reason,
        for_person=for_person,
        urgent=urgent,
        best_time=best_time,
        unsure=unsure,
    )
    return add_message(database, client=client, call=call, text=text, now=now)
