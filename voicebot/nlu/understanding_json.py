"""An understanding as the public JSON object of `voicebot nlu`."""

from __future__ import annotations

from voicebot.core.events import JsonValue
from voicebot.nlu.slots_json import slots_to_json
from voicebot.nlu.understanding import Understanding


def understanding_to_json(understanding: Understanding) -> dict[str, JsonValue]:
    """`{"text", "lang", "intents", "urgency", "slots"}`; `urgency.kind` is null when nothing is urgent."""
    return {
        "text": understanding.text,
        "lang": understanding.language,
        "intents": [{"name": i.name, "score": round(i.score, 4)} for i in understanding.intents],
        "urgency": {"level": understanding.urgency.level, "kind": understanding.urgency.kind},
        "slots": dict(slots_to_json(understanding.slots)),
    }
