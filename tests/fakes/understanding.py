"""Hand-made caller turns, as understanding would return them."""

from __future__ import annotations

from datetime import date, time
from typing import Literal

from voicebot.core.ids import ActId, PersonId, QuestionId
from voicebot.core.language import Language
from voicebot.nlu.slots import DateTimeWish, PartOfDay, PhoneNumbers, Slots
from voicebot.nlu.understanding import ScoredIntent, Understanding, Urgency, UrgencyKind, UrgencyLevel


def turn(
    text: str,
    *intents: str,
    score: float = 0.9,
    language: Language = "fr",
    wishes: tuple[DateTimeWish, ...] = (),
    phones: tuple[str, ...] = (),
    person: str | None = None,
    spelled: str | None = None,
    yes_no: Literal["yes", "no"] | None = None,
    act: str | None = None,
    acts: tuple[str, ...] = (),
    person_asked: str | None = None,
    question: str | None = None,
    urgency: UrgencyLevel = "none",
    kind: UrgencyKind | None = None,
    vital: bool = False,
    language_request: Language | None = None,
) -> Understanding:
    """One caller turn; `phones` are the readings of one dictated number."""
    return Understanding(
        text=text,
        language=language,
        intents=tuple(ScoredIntent(name=name, score=score) for name in intents or ("out_of_scope",)),
        urgency=Urgency(level=urgency, kind=kind, vital=vital),
        slots=Slots(
            phones=(PhoneNumbers(readings=phones),) if phones else (),
            datetimes=wishes,
            spelled=spelled,
            person=person,
            yes_no=yes_no,
        ),
        act=ActId(act) if act else None,
        acts=tuple(ActId(a) for a in acts),
        person_asked=PersonId(person_asked) if person_asked else None,
        question=QuestionId(question) if question else None,
        language_request=language_request,
    )


def yes() -> Understanding:
    """« Oui »."""
    return turn("oui", "yes", yes_no="yes")


def no() -> Understanding:
    """« Non »."""
    return turn("non", "no", yes_no="no")


def mumble() -> Understanding:
    """Words that mean nothing to the bot."""
    return turn("euh le machin", "out_of_scope", score=0.2)


def wish(day: date | None = None, at: time | None = None, part: PartOfDay | None = None) -> DateTimeWish:
    """One reading of a date-time expression."""
    return DateTimeWish(date=day, time=at, part=part)
