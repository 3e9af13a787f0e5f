"""A call's events as the JSON Lines that `voicebot call --json` and `chat --json` promise to other programs."""

from __future__ import annotations

from voicebot.core.events import CallEvent, EventKind, JsonValue
from voicebot.core.ids import CallId


def public_line(event: CallEvent, call: CallId) -> dict[str, JsonValue] | None:
    """The event's line, or None when it is not public."""
    data, t_s = event.data, event.t_s
    match event.kind:
        case EventKind.BOT_STARTED:
            return {"type": "bot", "t": t_s, "text": data["text"], "act": data["act"]}
        case EventKind.CALLER_TURN:
            return {"type": "caller", "t": t_s, "text": data["text"], "intent": data["intent"], "urgent": data["urgent"]}
        case EventKind.ACTION_RESULT:
            shown = data["shown"]
            return {"type": "action", "t": t_s, **shown} if isinstance(shown, dict) else None
        case EventKind.CALL_ENDED:
            return {"type": "end", "t": t_s, "reason": data["reason"], "outcome": data["outcome"], "call_id": call}
        case _:
            return None
