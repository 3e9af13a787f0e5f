"""What the bot has just asked for: it sets how long to wait, how to read the answer, what to expect."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ExpectedAnswer(StrEnum):
    """Kind of answer that the last question calls for."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    DATETIME = "datetime"
    PHONE = "phone"
    EMAIL = "email"
    SPELLING = "spelling"
    PERSON = "person"
    OPEN = "open"


class Completeness(StrEnum):
    """How finished a heard text is as an answer to what was expected."""

    COMPLETE = "complete"
    """The grammar is satisfied: nothing more is needed."""
    OPEN = "open"
    """Free speech: it may go on."""
    INCOMPLETE = "incomplete"
    """A dictation under way, or a text that ends on « et », « euh », « c'est le »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The question that stands open, as the dialogue publishes it to the other stages."""

    kind: ExpectedAnswer = ExpectedAnswer.OPEN
    words: tuple[str, ...] = ()
    """Words that the answer is likely to hold (names of acts, people): a bias for recognition."""
