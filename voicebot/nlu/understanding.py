"""What understanding returns for one caller turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from voicebot.core.expected import Completeness, Expectation
from voicebot.core.ids import ActId, PersonId, QuestionId
from voicebot.core.language import Language
from voicebot.nlu.slots import Slots

UrgencyLevel = Literal["urgent", "ask", "none"]
UrgencyKind = Literal["medical", "legal", "technical", "general"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredIntent:
    """One intent and its calibrated probability, 0..1."""

    name: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """How urgent the caller's words are."""

    level: UrgencyLevel = "none"
    kind: UrgencyKind | None = None
    vital: bool = False
    """A life may be at stake: the safety sentence (15 / 112) comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """A client's own words, to be recognised in what callers say."""

    acts: tuple[tuple[ActId, tuple[str, ...]], ...] = ()
    """Each act with its label and synonyms, in the language of the call."""
    people: tuple[tuple[PersonId, tuple[str, ...]], ...] = ()
    """Each person of the firm with the names they are asked for by."""
    questions: tuple[tuple[QuestionId, tuple[str, ...]], ...] = ()
    """Each prepared question with the ways of asking it."""
    urgent_words: tuple[tuple[str, UrgencyKind], ...] = ()
    """Wording that the client calls urgent, beyond the common lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """One caller turn, understood."""

    text: str
    language: Language
    intents: tuple[ScoredIntent, ...]
    """Best first after masking by what was asked; never empty (`noise` for nothing heard)."""
    urgency: Urgency
    slots: Slots
    act: ActId | None = None
    """The client's act named in the text, when exactly one matches."""
    acts: tuple[ActId, ...] = ()
    """Every act that matches equally well when several do."""
    person_asked: PersonId | None = None
    """The person of the firm who was named."""
    question: QuestionId | None = None
    """The client's prepared question that was asked."""
    backchannel: bool = False
    """Only « oui », « d'accord », « mm »: it does not interrupt."""
    language_request: Language | None = None
    """« do you speak English », or a whole sentence in the other language."""

    @property
    def intent(self) -> str:
        """Name of the best intent."""
        return self.intents[0].name

    def has(self, name: str, at_least: float = 0.35) -> bool:
        """Whether `name` is among the intents with at least that score."""
        return any(i.name == name and i.score >= at_least for i in self.intents)


class Understander(Protocol):
    """Understands text; pure and fast (milliseconds), safe to share between calls."""

    def understand(
        self, text: str, *, language: Language, now: datetime, expectation: Expectation, directory: Directory
    ) -> Understanding:
        """Understand one caller turn said at local wall time `now` (aware)."""

    def completeness(self, text: str, *, language: Language, expectation: Expectation) -> Completeness:
        """How finished `text` is as an answer: sets how long the call waits for more."""
