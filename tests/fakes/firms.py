"""A small firm for tests, and slots of its agenda."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from voicebot.booking.slots import Slot
from voicebot.clients.consignes import Consignes
from voicebot.core.ids import ActId, PersonId

PARIS = ZoneInfo("Europe/Paris")
FIRM: dict[str, Any] = {
    "id": "firm",
    "sector": "medical",
    "name": "le cabinet Test",
    "lines": ["+33199001001"],
    "greeting": "Que puis-je faire pour vous ?",
    "hours": {
        day: [{"opens": "09:00", "closes": "12:00"}, {"opens": "14:00", "closes": "18:00"}]
        for day in ("mon", "tue", "wed", "thu", "fri")
    },
    "address": "douze rue des Lilas",
    "acts": [
        {"id": "consultation", "label": "une consultation", "duration_min": 30},
        {"id": "visite", "label": "une visite", "duration_min": 60, "buffer_min": 15},
    ],
    "booking": {"notice_min": 60, "horizon_days": 30, "step_min": 15},
    "messages": {"email": ["accueil@example.org"]},
}
TWO_DOCTORS = [
    {"id": "martin", "name": "docteur Martin", "takes_appointments": True},
    {"id": "bernard", "name": "docteur Bernard", "takes_appointments": True},
]


def a_firm(**changes: Any) -> Consignes:
    """The firm, with some fields replaced."""
    return Consignes.model_validate({**FIRM, **changes})


def paris(*moment: int) -> datetime:
    """A local time in Paris: year, month, day, hour, minute."""
    return datetime(*moment, tzinfo=PARIS)  # type: ignore[arg-type, misc]


def a_slot(starts: datetime, *, act: str = "consultation", practitioner: str | None = None, minutes: int = 30) -> Slot:
    """A slot of the firm."""
    ends = (starts.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(starts.tzinfo)
    who = None if practitioner is None else PersonId(practitioner)
    return Slot(act=ActId(act), practitioner=who, starts=starts, ends=ends)
