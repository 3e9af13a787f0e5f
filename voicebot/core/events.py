"""What happened in a call, as stored: enough to show it, and to replay its decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


class EventKind(StrEnum):
    """Kinds of stored events; names are public (the log, the console and the portal show them)."""

    CALL_STARTED = "call_started"
    NOTICE_PLAYED = "notice_played"
    SPEECH_STARTED = "speech_started"
    SPEECH_ENDED = "speech_ended"
    PARTIAL = "partial"
    RECOGNISED = "recognised"
    CALLER_TURN = "caller_turn"
    KEYS = "keys"
    BOT_SENTENCE = "bot_sentence"
    """The policy has decided to say it."""
    BOT_STARTED = "bot_started"
    """Its first sample is on the line."""
    BOT_HEARD = "bot_heard"
    BOT_PAUSED = "bot_paused"
    BOT_RESUMED = "bot_resumed"
    BOT_STOPPED = "bot_stopped"
    SILENCE = "silence"
    TIME_LIMIT = "time_limit"
    ACTION = "action"
    ACTION_RESULT = "action_result"
    HANDOFF = "handoff"
    """What the queue told the call: its place, a limit of waiting, a human who comes, is there, is gone."""
    HUMAN_TURN = "human_turn"
    """What the human said."""
    HINT = "hint"
    """A secretary had the bot say something."""
    RESUMED = "resumed"
    """The caller was found again after a cut."""
    STOPPING = "stopping"
    """The server stops."""
    FAILURE = "failure"
    CALL_ENDED = "call_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """One fact of a call."""

    t_s: float
    """Seconds since answer."""
    kind: EventKind
    data: Mapping[str, JsonValue]
