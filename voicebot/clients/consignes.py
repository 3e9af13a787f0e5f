"""A client's consignes, as checked data: the shape of `scripts_catalog/clients/*.yaml`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from voicebot.core.ids import ActId, ClientId, PersonId, QuestionId
from voicebot.core.language import Language
from voicebot.nlu.understanding import UrgencyKind

DayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _localised(value: object) -> object:
    """A bare string is French."""
    return {"fr": value} if isinstance(value, str) else value


def _localised_list(value: object) -> object:
    return {"fr": value} if isinstance(value, list) else value


def _written(value: object) -> object:
    """A number is no time or date: pydantic would count seconds from an origin."""
    if isinstance(value, int | float):
        raise ValueError("a time or date is written out")  # noqa: TRY004 (pydantic reports ValueErrors)
    return value


LocalTime = Annotated[dt.time, BeforeValidator(_written)]
"""Time of day, local, as in 08:30."""
LocalDate = Annotated[dt.date, BeforeValidator(_written)]
"""Day, as in 2027-03-28."""
LocalText = Annotated[Mapping[Language, str], BeforeValidator(_localised)]
"""A text by language; a bare string in YAML is French."""
LocalList = Annotated[Mapping[Language, tuple[str, ...]], BeforeValidator(_localised_list)]
"""Wordings by language; a bare list in YAML is French."""


def in_language(text: Mapping[Language, str], language: Language) -> str:
    """The text in `language`, else in French, else in whatever it exists."""
    return text.get(language) or text.get("fr") or next(iter(text.values()))


class Strict(BaseModel):
    """Base of every part: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Hours(Strict):
    """One opening of a day, local time."""

    opens: LocalTime
    closes: LocalTime


class Closure(Strict):
    """Days on which the firm is closed, inclusive."""

    first: LocalDate
    last: LocalDate
    reason: LocalText | None = None


class Act(Strict):
    """Something that can be booked."""

    id: ActId
    label: LocalText
    synonyms: LocalList = Field(default_factory=dict)
    duration_min: Annotated[int, Field(ge=5, le=480)]
    buffer_min: Annotated[int, Field(ge=0, le=120)] = 0
    price_eur: Annotated[float, Field(ge=0)] | None = None
    price_note: LocalText | None = None
    """Said instead of, or after, the price (« selon devis »)."""
    practitioners: tuple[PersonId, ...] = ()
    """Who performs it; empty = anybody who takes appointments."""
    bookable: bool = True
    """False: the bot notes a request instead of booking."""


class Person(Strict):
    """Somebody of the firm."""

    id: PersonId
    name: str
    """As said and written, title included: « docteur Martin »."""
    aliases: tuple[str, ...] = ()
    role: LocalText | None = None
    takes_appointments: bool = False
    email: str | None = None


class Question(Strict):
    """A prepared question and its answer."""

    id: QuestionId
    asked: LocalList
    """Ways of asking it, at least three."""
    answer: LocalText


class UrgentRule(Strict):
    """What the firm calls urgent, and what then happens."""

    words: tuple[str, ...]
    kind: UrgencyKind
    say: LocalText | None = None
    """Said before the hand-off, after the safety sentence when life is at stake."""


class Known(Strict):
    """A number that is treated specially."""

    number: str
    """E.164."""
    name: str | None = None


class Booking(Strict):
    """Rules of the agenda."""

    enabled: bool = True
    notice_min: Annotated[int, Field(ge=0)] = 120
    """Least time between the call and the appointment."""
    horizon_days: Annotated[int, Field(ge=1, le=365)] = 60
    step_min: Annotated[int, Field(ge=5, le=60)] = 15
    hold_min: Annotated[int, Field(ge=1, le=30)] = 5
    """How long a slot is held while details are taken."""
    hours: Mapping[DayName, tuple[Hours, ...]] | None = None
    """When appointments are given, if not all opening hours."""
    default_act: ActId | None = None
    """Taken when the caller names none."""


class Messages(Strict):
    """Where messages go."""

    email: tuple[str, ...] = ()
    urgent_email: tuple[str, ...] = ()
    sms: tuple[str, ...] = ()


class Transfer(Strict):
    """A number that a secretary may pass a caller on to."""

    number: str
    """E.164."""
    label: str
    """As shown and said: « le portable du docteur Martin »."""


Reason = Literal["urgent", "vip", "asked", "failed"]
"""Why a human is needed: the values of `voicebot.handoff.requests.HandoffReason`."""
SCORES: Mapping[str, int] = {"urgent": 600, "vip": 300, "asked": 120, "failed": 0}
"""Score of a ticket at the start; one point is added per second waited."""


class Queue(Strict):
    """How calls of this client reach a human. Durations in seconds."""

    scores: Mapping[Reason, Annotated[int, Field(ge=0, le=10_000)]] = Field(default_factory=dict)
    """What differs from `SCORES`."""
    usual_first_s: Annotated[float, Field(ge=0, le=600)] = 8.0
    """How long the usual secretary alone is asked."""
    widen_after_s: Annotated[float, Field(ge=0, le=600)] = 20.0
    """After so long every able secretary may take the call."""
    offer_s: Annotated[float, Field(ge=3, le=120)] = 15.0
    cooldown_s: Annotated[float, Field(ge=0, le=600)] = 10.0
    """No offer for so long after a refusal."""
    missed_offers: Annotated[int, Field(ge=1, le=10)] = 2
    """Unanswered offers in a row that put a secretary on a break."""
    connect_s: Annotated[float, Field(ge=3, le=60)] = 10.0
    """Her audio must be there so long after she accepted; also how long a lost line may take to come back."""
    wrap_up_s: Annotated[float, Field(ge=0, le=900)] = 30.0
    """Doubled once when she asks for it."""
    choices_after_s: tuple[float, float] = (60.0, 120.0)
    """When a waiting caller may choose a call-back or a message."""
    max_wait_s: Annotated[float, Field(ge=10, le=3600)] = 180.0
    max_waiting: Annotated[int, Field(ge=1, le=1000)] = 50
    """With so many of this client's callers waiting, the next is told at once that nobody is free."""
    return_within_s: Annotated[float, Field(ge=0, le=3600)] = 600.0
    """Who rings again so soon after having left finds the file and the rank again."""
    callback_every_s: Annotated[float, Field(ge=0, le=86_400)] = 900.0
    """Between two attempts to call back."""
    callback_attempts: Annotated[int, Field(ge=1, le=20)] = 3
    transcribe_human: bool = False
    """Go on writing down what both say once a human has taken over."""
    record_human: bool = False
    """Go on recording both, when the call is recorded at all."""
    hold_music: str | None = None
    """WAV file beside the consignes, mono 16-bit PCM at 8000 or 16000 Hz; None for the music of the house."""
    transfers: tuple[Transfer, ...] = ()

    def score(self, reason: str) -> int:
        """Score at the start of a ticket opened for that reason.

        Raises:
            KeyError: no such reason.
        """
        own: Mapping[str, int] = {str(name): score for name, score in self.scores.items()}
        return own.get(reason, SCORES[reason])


class Consignes(Strict):
    """Everything the bot knows of one client."""

    id: ClientId
    sector: str
    name: LocalText
    """As said after « bonjour »: « le cabinet médical des Lilas »."""
    languages: tuple[Language, ...] = ("fr",)
    timezone: str = "Europe/Paris"
    lines: tuple[str, ...]
    """Dialled numbers, E.164, each belonging to this client alone."""
    greeting: LocalText
    """After the notice: « Que puis-je faire pour vous ? » is the default of the templates."""
    pre_answer: LocalText | None = None
    """Said between the notice and the greeting (*pré-décroché*): « Notre cabinet déménage le 3 mars. »"""
    recording: bool = False
    hours: Mapping[DayName, tuple[Hours, ...]]
    closures: tuple[Closure, ...] = ()
    closed_on_public_holidays: bool = True
    address: LocalText
    access: LocalText | None = None
    """Parking, floor, public transport."""
    phone: str | None = None
    email: str | None = None
    acts: tuple[Act, ...] = ()
    people: tuple[Person, ...] = ()
    questions: tuple[Question, ...] = ()
    urgencies: tuple[UrgentRule, ...] = ()
    vip: tuple[Known, ...] = ()
    blocked: tuple[Known, ...] = ()
    solicitors: Literal["off", "message", "refuse"] = "refuse"
    booking: Booking = Booking()
    messages: Messages = Messages()
    queue: Queue = Queue()
    lexicon: Mapping[str, str] = Field(default_factory=dict)
    """Written word -> how it is said, for names that the voice gets wrong."""

    def act(self, act_id: ActId) -> Act:
        """The act of that id.

        Raises:
            KeyError: no such act.
        """
        return {a.id: a for a in self.acts}[act_id]

    def person(self, person_id: PersonId) -> Person:
        """The person of that id.

        Raises:
            KeyError: no such person.
        """
        return {p.id: p for p in self.people}[person_id]

    def question(self, question_id: QuestionId) -> Question:
        """The prepared question of that id.

        Raises:
            KeyError: no such question.
        """
        return {q.id: q for q in self.questions}[question_id]
