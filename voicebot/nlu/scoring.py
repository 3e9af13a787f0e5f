"""From the model's logits to the intents of a turn: rules, the open question, and two things at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from voicebot.core.expected import ExpectedAnswer
from voicebot.nlu.understanding import ScoredIntent

CONFIDENT = 0.5
"""Probability from which a part of a sentence is a thing of its own."""
KEPT = 5
"""Intents returned at most."""
_FORMS = frozenset({"greeting", "thanks_bye", "yes", "no", "repeat", "noise", "out_of_scope", "wrong_number"})
"""Intents that a part of a sentence may have without being a second request."""
_UNLIKELY_ANSWERS = frozenset(
    {
        "out_of_scope",
        "noise",
        "greeting",
        "wrong_number",
        "solicitation",
        "supplier_delivery",
        "job_application",
        "services_info",
        "address_access",
    }
)
_ALWAYS_POSSIBLE = frozenset({"yes", "no", "repeat", "speak_to_person", "thanks_bye", "urgent", "cancel"})
_SURE = 0.85
_ANSWER_DAMPING = 0.3
_UNASKED_ANSWER = 0.6
"""Score of a bare date, name or number that nobody asked for."""


def probabilities(logits: Mapping[str, float], added: Mapping[str, float], expected: ExpectedAnswer) -> dict[str, float]:
    """Softmax of the model's `logits` with the rules' weights `added` and the mask of what was asked."""
    total = {name: value + added.get(name, 0.0) + _mask(name, expected) for name, value in logits.items()}
    for name, weight in added.items():
        total.setdefault(name, weight)
    top = max(total.values())
    powers = {name: math.exp(value - top) for name, value in total.items()}
    whole = sum(powers.values())
    return {name: power / whole for name, power in powers.items()}


def _mask(name: str, expected: ExpectedAnswer) -> float:
    """Logits added to an intent because of the question that stands open."""
    if expected is ExpectedAnswer.OPEN:
        return 0.0
    if expected is ExpectedAnswer.YES_NO:
        return 2.0 if name in {"yes", "no"} else -1.0 if name in _UNLIKELY_ANSWERS else 0.0
    if name in _ALWAYS_POSSIBLE:
        return 0.0
    return -4.0 if name in _UNLIKELY_ANSWERS else -1.0


def damp_answer(scores: Mapping[str, float], *, answered: bool) -> dict[str, float]:
    """Scores kept low when the asked value was found: a name or a number is not also a request, unless that is sure."""
    if not answered:
        return dict(scores)
    top = max(scores.values())
    return {
        name: score * _ANSWER_DAMPING if top < _SURE or name in _UNLIKELY_ANSWERS else score for name, score in scores.items()
    }


def calm_answer(intents: Sequence[ScoredIntent], name: str, expected: ExpectedAnswer) -> tuple[ScoredIntent, ...]:
    """`intents` of a bare value, none of them a request; `name` leads where no question stood open."""
    low = [ScoredIntent(name=i.name, score=round(i.score * _ANSWER_DAMPING, 4)) for i in intents if i.name != "urgent"]
    return put_first(low, name, _UNASKED_ANSWER) if expected is ExpectedAnswer.OPEN else tuple(low)


def merge(whole: Mapping[str, float], parts: Sequence[Mapping[str, float]]) -> tuple[ScoredIntent, ...]:
    """Intents of a sentence, best first; two things at once come in the order said, none scored above the one before."""
    said: dict[str, float] = {}
    for part in parts:
        name = max(part, key=lambda n: part[n])
        if part[name] >= CONFIDENT and name not in _FORMS:
            said.setdefault(name, part[name])
    if len(said) < 2:  # two things at once
        said = {}
    ceiling, intents = 1.0, []
    for name, score in said.items():
        ceiling = min(ceiling, score)
        intents.append(ScoredIntent(name=name, score=round(ceiling, 4)))
    for name, score in sorted(whole.items(), key=lambda item: -item[1]):
        if name not in said:
            intents.append(ScoredIntent(name=name, score=round(min(score, ceiling), 4)))
    return tuple(intents[:KEPT])


def put_first(intents: Sequence[ScoredIntent], name: str, at_least: float) -> tuple[ScoredIntent, ...]:
    """`intents` with `name` at the head, its score at least `at_least` and no other's."""
    score = max([at_least, *(i.score for i in intents)])
    return (ScoredIntent(name=name, score=score), *(i for i in intents if i.name != name))[:KEPT]
