"""What the dialogue remembers of a call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from voicebot.booking.slots import Slot
from voicebot.core.expected import Expectation
from voicebot.core.ids import ActId, HoldId, PersonId
from voicebot.core.language import Language
from voicebot.core.tickets import Leaving
from voicebot.dialog.actions import EndReason, Outcome, Say
from voicebot.handoff.requests import HandoffReason
from voicebot.nlu.slots import DateTimeWish
from voicebot.nlu.understanding import Understanding

MessageKind = Literal["message", "callback", "lead", "request"]


class Question(StrEnum):
    """The question that stands open."""

    NONE = "none"
    """Nothing stands open: the flow decides what comes next."""
    RESULT = "result"
    """The result of an action is awaited."""
    OPEN = "open"
    ANYTHING_ELSE = "anything_else"
    MENU = "menu"
    URGENT = "urgent"
    CONFIRM = "confirm"
    """Whether the intent was rightly guessed."""
    HUMAN_REASON = "human_reason"
    OFFER_MESSAGE = "offer_message"
    HELP = "help"
    """A message, or a person?"""
    PRICE_ACT = "price_act"
    ACT = "act"
    WISH = "wish"
    READING = "reading"
    """Which reading of an ambiguous date was meant."""
    PROPOSAL = "proposal"
    NAME = "name"
    SPELLING = "spelling"
    OWN_NUMBER = "own_number"
    PHONE = "phone"
    DIGITS = "digits"
    """Digit by digit, or on the keypad."""
    PHONE_CHECK = "phone_check"
    RECAP = "recap"
    FIX = "fix"
    """What is wrong in the read-back."""
    REASON = "reason"
    ON_HOLD = "on_hold"
    """Nothing is asked: the caller waits for a human, or is with one."""
    HOLD_CHOICE = "hold_choice"
    """Be called back, leave a message, or go on waiting?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who calls, and how to reach them."""

    name: str | None = None
    phone: str | None = None
    """E.164, confirmed by the caller."""
    heard: str | None = None
    """E.164, read back and not confirmed yet."""
    own_refused: bool = False
    """The calling number is not the one to note."""
    declined: bool = False
    """The caller gives no number."""
    keyed: str = ""
    """Digits pressed so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingForm:
    """An appointment being booked."""

    act: ActId | None = None
    candidates: tuple[ActId, ...] = ()
    """Acts that the caller's words match equally well."""
    practitioner: PersonId | None = None
    wish: DateTimeWish | None = None
    readings: tuple[DateTimeWish, ...] = ()
    """Readings of an ambiguous wish, to be chosen from."""
    proposals: tuple[Slot, ...] = ()
    refused: tuple[datetime, ...] = ()
    searches: int = 0
    slot: Slot | None = None
    hold: HoldId | None = None
    note: str = ""
    """The caller's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageForm:
    """A message or a request being taken."""

    intent: str
    kind: MessageKind = "message"
    for_person: PersonId | None = None
    reason: str = ""
    """The caller's own words."""
    request: str = ""
    """What was first asked for, verbatim, when the reason only completes it (« annuler mon rendez-vous »)."""
    best_time: str | None = None
    urgent: bool = False
    by_keys: bool = False
    """Speech is not understood: only what the keypad can give is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A caller in the queue: waiting for a human, or with one."""

    reason: HandoffReason
    """Of the ticket, as far as this call has asked."""
    position: int
    """1 for the next to be taken."""
    estimate_s: float | None = None
    """Expected wait, seconds."""
    staffed: bool
    """Whether anybody who could take the call is logged in."""
    told: int = 0
    """Position that the caller was told last; 0 for none."""
    moved: bool = False
    """Whether the place has changed since the caller began to wait."""
    level: int = 0
    """Limit of waiting reached, 0..3."""
    coming: str | None = None
    """Name of the secretary who has accepted and is not connected yet."""
    human: str | None = None
    """Name of the human whom the caller is talking to."""
    leaving: Leaving | None = None
    """How the caller is leaving the queue, until that is committed."""
    ending: EndReason | None = None
    """The call ends for this reason once the queue is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the call has come to so far."""

    booked: int = 0
    messages: int = 0
    callbacks: int = 0
    """Call-backs that the queue has kept."""
    answered: int = 0
    handed_off: bool = False
    refused: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogState:
    """Everything that the policy knows of a call; replaced, never changed."""

    language: Language = "fr"
    caller: str | None = None
    """Calling number, E.164."""
    recorded: bool = False
    now: datetime | None = None
    """Local wall time of the last event that had one."""
    question: Question = Question.NONE
    asked: Say | None = None
    """The sentence that asked the open question."""
    expectation: Expectation = field(default_factory=Expectation)
    options: tuple[datetime, ...] = ()
    """What may be chosen, when the open question is a choice of dates."""
    contact: Contact = field(default_factory=Contact)
    booking: BookingForm | None = None
    message: MessageForm | None = None
    """Taken before the booking goes on, when both are there."""
    aside: Understanding | None = None
    """The turn that waits for the answer to `urgent`, `confirm` or `offer_message`."""
    pending: tuple[tuple[str, Understanding], ...] = ()
    """Further tasks asked for in the same sentence, in order."""
    paused: tuple[Question, Say | None, tuple[datetime, ...]] | None = None
    """The question that stood open, its sentence and its options, when « est-ce urgent ? » came in between."""
    added_at: Question | None = None
    """Where the caller last added to a message instead of answering."""
    reason: str = ""
    """First thing that the caller came for, verbatim."""
    urgency_asked: int = 0
    human_asked: int = 0
    hearing_failures: int = 0
    keypad: bool = False
    """The keypad menu was offered after a failure of hearing."""
    handoff: HandoffReason | None = None
    """A human was requested and the ticket is not committed yet."""
    urgency_kind: str | None = None
    """Kind of the urgency that a human was requested for."""
    hold: Hold | None = None
    """The call is in the queue, or with a human."""
    left: Leaving | None = None
    """How the caller left the queue last, when nobody had come."""
    stopping: bool = False
    """The server stops: the call ends once what was under way is kept."""
    failures: int = 0
    """Turns in a row that did not answer the open question."""
    total_failures: int = 0
    said: tuple[tuple[str, int], ...] = ()
    """How often each sentence was said."""
    last_said: tuple[Say, ...] = ()
    """The last turn of the bot, for « répétez »."""
    done: Done = field(default_factory=Done)
    end_reason: EndReason | None = None
    """Why the call is over; None while it is not."""

    @property
    def ended(self) -> bool:
        """Whether the call is over for the dialogue."""
        return self.end_reason is not None

    def times_said(self, key: str) -> int:
        """How often the sentence `key` was said in this call."""
        return dict(self.said).get(key, 0)

    @property
    def in_queue(self) -> bool:
        """Whether a human is waited for."""
        return not self.ended and self.hold is not None and self.hold.human is None

    @property
    def on_hold(self) -> bool:
        """Whether the caller waits with music: in the queue, and not about to answer or to leave."""
        return self.in_queue and self.hold is not None and self.hold.leaving is None and self.question is not Question.HOLD_CHOICE

    @property
    def with_human(self) -> bool:
        """Whether a human talks to the caller, and the bot is mute."""
        return not self.ended and self.hold is not None and self.hold.human is not None

    @property
    def callable_number(self) -> str | None:
        """Number to ring without asking any further, E.164; None when there is none."""
        contact = self.contact
        return contact.phone or (None if contact.own_refused or contact.declined else self.caller)

    @property
    def outcome(self) -> Outcome:
        """What the call has come to."""
        done = self.done
        reached = (
            (done.handed_off, Outcome.ESCALATED),
            (done.booked > 0, Outcome.BOOKED),
            (done.messages + done.callbacks > 0, Outcome.MESSAGE),
            (done.refused, Outcome.REFUSED),
            (done.answered > 0, Outcome.ANSWERED),
            (done.failed, Outcome.FAILED),
        )
        return next((outcome for true, outcome in reached if true), Outcome.NOTHING)


def initial_state(*, language: Language = "fr") -> DialogState:
    """A call that is not answered yet, to be held in `language`."""
    return DialogState(language=language)
