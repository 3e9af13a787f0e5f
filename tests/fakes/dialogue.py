"""A caller who talks to the policy alone: what was said and done, step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from tests.fakes.understanding import turn
from voicebot.booking.slots import Slot
from voicebot.clients.consignes import Consignes
from voicebot.core.ids import ActId, AppointmentId, HoldId, MessageId, TicketId
from voicebot.core.tickets import Leaving
from voicebot.dialog.actions import Action, EndCall, Say
from voicebot.dialog.inputs import (
    Booked,
    CallerKeys,
    CallerSilent,
    CallerTurn,
    CallStarted,
    HumanRequested,
    Input,
    LeftQueue,
    MessageTaken,
    SlotHeld,
    SlotsFound,
)
from voicebot.dialog.policy import step
from voicebot.dialog.rendering import Sentences
from voicebot.dialog.state import Question, initial_state
from voicebot.nlu.understanding import Understanding

PARIS_WINTER = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC).astimezone(PARIS_WINTER)
"""Monday 23 November 2026, 11 h in Paris."""
CALLER = "+33612345678"
SENTENCES = Sentences.load(Path(__file__).parents[2] / "scripts_catalog" / "sentences")
_MORNING_AND_AFTERNOON = [{"opens": "09:00", "closes": "12:00"}, {"opens": "14:00", "closes": "18:00"}]


def clinic(**changes: object) -> Consignes:
    """A doctor's office with two bookable acts, one that is not, and a few answers."""
    data: dict[str, object] = {
        "id": "lilas",
        "sector": "doctor",
        "name": {"fr": "le cabinet médical des Lilas", "en": "the Lilas medical practice"},
        "languages": ["fr", "en"],
        "lines": ["+33123456789"],
        "greeting": "Que puis-je faire pour vous ?",
        "hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _MORNING_AND_AFTERNOON),
        "closures": [{"first": "2026-12-24", "last": "2026-12-31", "reason": "congés de fin d'année"}],
        "address": "12 rue des Lilas à Paris",
        "acts": [
            {"id": "consultation", "label": "une consultation", "duration_min": 20, "price_eur": 25},
            {"id": "bilan", "label": "un bilan", "duration_min": 40, "price_eur": 26.5, "price_note": "remboursé en partie"},
            {"id": "chirurgie", "label": "une intervention", "duration_min": 60, "bookable": False},
        ],
        "people": [
            {"id": "martin", "name": "docteur Martin", "takes_appointments": True},
            {"id": "petit", "name": "docteur Petit", "takes_appointments": True},
        ],
        "questions": [
            {"id": "vitale", "asked": ["carte vitale", "prenez-vous la carte", "tiers payant"], "answer": "Oui, nous la prenons."}
        ],
        "urgencies": [{"words": ["plâtre cassé"], "kind": "medical", "say": "Ne posez pas le pied par terre."}],
        "vip": [{"number": "+33600000001"}],
        "blocked": [{"number": "+33600000002"}],
        "booking": {"default_act": "consultation"},
    }
    return Consignes.model_validate({**data, **changes})


def slot(day: int, hour: int, minute: int = 0, *, act: str = "consultation") -> Slot:
    """A slot of 20 minutes in November 2026."""
    starts = datetime(2026, 11, day, hour, minute, tzinfo=PARIS_WINTER)
    return Slot(act=ActId(act), practitioner=None, starts=starts, ends=starts + timedelta(minutes=20))


class Caller:
    """Feeds events and keeps what came out."""

    def __init__(
        self,
        consignes: Consignes | None = None,
        *,
        number: str | None = CALLER,
        recorded: bool = False,
        returning: bool = False,
    ) -> None:
        self.consignes = consignes or clinic()
        self.state = initial_state()
        self.spoken: list[str] = []
        self.actions: list[Action] = []
        self.feed(CallStarted(caller=number, now=NOW, recorded=recorded, returning=returning))

    def feed(self, event: Input) -> tuple[Action, ...]:
        """One event; returns the actions."""
        self.state, actions = step(self.state, event, self.consignes)
        self.actions += actions
        self.spoken += [self._render(action) for action in actions if isinstance(action, Say)]
        return actions

    def says(self, understanding: Understanding) -> tuple[Action, ...]:
        return self.feed(CallerTurn(understanding=understanding, now=NOW))

    def gives_name(self, name: str = "Jean Martin") -> tuple[Action, ...]:
        return self.says(turn(name, "out_of_scope", score=0.3, person=name))

    def presses(self, keys: str) -> tuple[Action, ...]:
        return self.feed(CallerKeys(keys=keys, now=NOW))

    def silent(self) -> None:
        """Says nothing through all three levels."""
        for level in (1, 2, 3):
            self.feed(CallerSilent(level=level))

    def finds(self, *slots: Slot, exact: bool = True) -> tuple[Action, ...]:
        return self.feed(SlotsFound(slots=slots, exact=exact))

    def holds(self, taken: Slot) -> tuple[Action, ...]:
        return self.feed(SlotHeld(hold=HoldId(1), slot=taken))

    def books(self, taken: Slot) -> tuple[Action, ...]:
        return self.feed(Booked(appointment=AppointmentId(1), slot=taken))

    def stores(self) -> tuple[Action, ...]:
        return self.feed(MessageTaken(message=MessageId(1)))

    def connects(self) -> tuple[Action, ...]:
        """The ticket is committed, and nobody stays on the line."""
        return self.feed(HumanRequested(ticket=TicketId(1)))

    def queues(self, position: int = 1, *, staffed: bool = True, estimate_s: float | None = None) -> tuple[Action, ...]:
        """The ticket is committed, and the caller stays on the line."""
        place = HumanRequested(ticket=TicketId(1), live=True, staffed=staffed, position=position, estimate_s=estimate_s)
        return self.feed(place)

    def leaves(self, how: Leaving) -> tuple[Action, ...]:
        """The queue has let the caller go."""
        return self.feed(LeftQueue(how=how))

    def question(self) -> Question:
        return self.state.question

    def keys_said(self) -> list[str]:
        return [action.key for action in self.actions if isinstance(action, Say)]

    def last(self, kind: type[Action]) -> Action:
        return next(action for action in reversed(self.actions) if isinstance(action, kind))

    def ended(self) -> EndCall | None:
        return next((action for action in self.actions if isinstance(action, EndCall)), None)

    def _render(self, say: Say) -> str:
        return SENTENCES.render(say, self.state.language, self.consignes)
