"""Plain readings of a caller turn that several behaviours share."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from voicebot.nlu.slots import Slots
from voicebot.nlu.understanding import ScoredIntent, Understanding, Urgency

ACT_AT = 0.7
"""Calibrated probability from which an intent is acted upon."""
CONFIRM_AT = 0.35
"""Calibrated probability from which an intent is put to the caller for confirmation."""
ALSO_AT = 0.5
"""Probability from which a further intent of the same sentence counts."""

_BARE = frozenset({"yes", "no", "thanks_bye", "greeting", "noise", "out_of_scope", "repeat"})
"""Intents that ask for nothing."""


def yes_no(turn: Understanding) -> Literal["yes", "no"] | None:
    """Whether the caller agreed, refused, or did neither; a value alone (a name, a day) is never a yes."""
    if turn.slots.yes_no is not None:
        return turn.slots.yes_no
    if turn.slots.person or turn.slots.spelled or turn.slots.phones or turn.slots.datetimes:
        return None
    if turn.intent == "yes" and turn.has("yes", ALSO_AT):
        return "yes"
    return "no" if turn.intent == "no" and turn.has("no", ALSO_AT) else None


def is_clear(turn: Understanding, intent: str) -> bool:
    """Whether `intent` is what the turn is about, surely enough to act."""
    return turn.intent == intent and turn.has(intent, ACT_AT)


def beyond(turn: Understanding) -> Understanding | None:
    """What else a yes or a no is said with (« non, je voudrais annuler »); None when there is nothing to act upon."""
    others = tuple(intent for intent in turn.intents if intent.name not in _BARE)
    return replace(turn, intents=others) if others and others[0].score >= ALSO_AT else None


def pressed(answer: Literal["yes", "no"]) -> Understanding:
    """The turn that a key stands for."""
    return Understanding(
        text="",
        language="fr",
        intents=(ScoredIntent(name=answer, score=1.0),),
        urgency=Urgency(),
        slots=Slots(yes_no=answer),
    )
