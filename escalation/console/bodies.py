"""What the console's commands are given, checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from voicebot.core.ids import UserId
from voicebot.core.secretaries import Declared
from voicebot.records.wrap_ups import Correction, Outcome, WrapUp
from voicebot.transports.phone.numbers import e164

Refusal = Literal["not_ready", "unknown_client", "language", "other"]
"""Why a secretary lets an offer pass."""
Break = Literal["lunch", "short", "meeting", "training", "other"]
"""Why she takes a break."""
REFUSALS: tuple[Refusal, ...] = get_args(Refusal)
BREAKS: tuple[Break, ...] = get_args(Break)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
INTENTS = (
    "book_appointment", "reschedule", "cancel", "confirm_appointment", "leave_message", "callback_request", "speak_to_person",
    "urgent", "opening_hours", "address_access", "price", "services_info", "invoice_payment", "complaint", "supplier_delivery",
    "job_application", "solicitation", "wrong_number", "out_of_scope",
)  # fmt: skip
"""What a caller may want, most frequent first: the public intents but those that are mere conversation."""


def _phone(text: str) -> str:
    number = e164(text) if text else ""
    if number is None:
        raise ValueError("phone")
    return number


Line = Annotated[str, StringConstraints(strip_whitespace=True)]
Phone = Annotated[Line, AfterValidator(_phone)]
"""E.164, or nothing."""


class Body(BaseModel):
    """Base of every body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Accept(Body):
    """She takes a call."""

    spoken: bool = False
    """Whether she wants to hear the briefing first."""


class Refuse(Body):
    """She refuses an offer."""

    why: Refusal


class Hold(Body):
    """She puts the caller on hold, or takes the call up again."""

    on: bool


class Transfer(Body):
    """She passes the caller on."""

    number: Annotated[Phone, Field(min_length=1, max_length=32)]


class Note(Body):
    """She writes a note."""

    text: Annotated[Line, Field(min_length=1, max_length=2000)]


class Hint(Body):
    """She has the bot say something."""

    text: Annotated[Line, Field(min_length=1, max_length=300)]


class CallbackResult(Body):
    """She has rung the caller."""

    reached: bool


class Status(Body):
    """She declares a status."""

    status: Declared
    reason: Break | None = None


class Force(Body):
    """A supervisor sets a secretary's status."""

    status: Declared


class Move(Body):
    """A supervisor gives a ticket to a secretary."""

    to: UserId


class Heard(Body):
    """What the bot had noted, as the form showed it before she changed anything."""

    person: Annotated[str, Field(max_length=2000)] = ""
    phone: Annotated[str, Field(max_length=2000)] = ""
    reason: Annotated[str, Field(max_length=2000)] = ""
    intent: Annotated[str, Field(max_length=2000)] = ""


class WrongAnswer(Body):
    """An answer of the bot that was wrong."""

    was: Annotated[Line, Field(min_length=1, max_length=2000)]
    now: Annotated[Line, Field(max_length=1000)] = ""


class Sheet(Body):
    """The call sheet as she leaves it."""

    person: Annotated[Line, Field(max_length=200)]
    phone: Annotated[Phone, Field(max_length=32)]
    reason: Annotated[Line, Field(max_length=500)]
    intent: Annotated[Line, Field(max_length=64)]
    outcome: Outcome
    note: Annotated[Line, Field(max_length=4000)]
    proposed: Heard = Heard()
    answers: Annotated[Sequence[WrongAnswer], Field(max_length=50)] = ()
    finish: bool = False

    def wrap_up(self) -> WrapUp:
        """As it is kept; what she left as the bot had it is no correction."""
        return WrapUp(
            person=self.person or None,
            phone=self.phone or None,
            reason=self.reason,
            intent=self.intent or None,
            outcome=self.outcome,
            note=self.note,
            corrections=(*self._changed(), *(Correction(field="answer", was=a.was, now=a.now or None) for a in self.answers)),
        )

    def _changed(self) -> Sequence[Correction]:
        now = {"person": self.person, "phone": self.phone, "reason": self.reason, "intent": self.intent}
        was = {**self.proposed.model_dump(), "phone": e164(self.proposed.phone) or ""}
        return [
            Correction(field=field, was=was[field] or None, now=text or None)
            for field, text in now.items()
            if text != was[field].strip()
        ]
