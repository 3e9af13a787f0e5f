"""How a call goes on whose process died: since when, and what became of the action that was under way."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from voicebot.call.conversation import Conversation
from voicebot.call.executor import ActionExecutor
from voicebot.call.session import Resumption
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import MessageId
from voicebot.dialog.actions import TakeMessage
from voicebot.dialog.inputs import MessageTaken, Result
from voicebot.records.calls import CallFile
from voicebot.records.database import Database
from voicebot.records.messages import messages_of_call


def resumption_of(
    file: CallFile, conversation: Conversation, executor: ActionExecutor, database: Database, *, now: datetime
) -> Resumption:
    """Settle the action that was under way, and say where the call stands. Blocking.

    Args:
        file: what is stored of the call.
        conversation: its dialogue, rebuilt.
        executor: of the call.
        database: where its results are.
        now: aware.

    Raises:
        RecordsError: the database refuses.
    """
    return Resumption(
        at_s=max(0.0, (now - file.call.started_at).total_seconds()),
        noticed=any(event.kind is EventKind.NOTICE_PLAYED for event in file.events),
        result=_settled(file, conversation, executor, database, now),
    )


def _settled(
    file: CallFile, conversation: Conversation, executor: ActionExecutor, database: Database, now: datetime
) -> Result | None:
    """Every action may be done twice without harm, but a message that is stored must not be stored again."""
    action = conversation.awaiting
    if action is None:
        return None
    if isinstance(action, TakeMessage):
        stored = messages_of_call(database, file.call.id)
        if len(stored) > sum(map(_took_message, file.events)):
            return MessageTaken(message=MessageId(stored[-1].id))
    return executor.perform(action, now.astimezone(ZoneInfo(file.call.zone)))


def _took_message(event: CallEvent) -> bool:
    told = event.data.get("input")
    return event.kind is EventKind.ACTION_RESULT and isinstance(told, dict) and told.get("type") == MessageTaken.__name__
