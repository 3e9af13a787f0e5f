"""Values found in a caller's words. Absent means abstention: a guess is never returned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class PartOfDay(StrEnum):
    """Named parts of a day."""

    MORNING = "morning"
    LATE_MORNING = "late_morning"
    MIDDAY = "midday"
    EARLY_AFTERNOON = "early_afternoon"
    AFTERNOON = "afternoon"
    LATE_AFTERNOON = "late_afternoon"
    LATE_DAY = "late_day"
    EVENING = "evening"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTimeWish:
    """One reading of a date-time expression: only what was said is set."""

    date: dt.date | None = None
    dates: tuple[dt.date, ...] = ()
    """Alternatives (« jeudi ou vendredi »), in the order said."""
    time: dt.time | None = None
    approx: bool = False
    """« vers », « autour de »."""
    part: PartOfDay | None = None
    time_from: dt.time | None = None
    time_to: dt.time | None = None
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    """Range of days, inclusive."""
    excluded: tuple[Weekday, ...] = ()
    asap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNumbers:
    """One dictated number: every valid reading of it."""

    readings: tuple[str, ...]
    """E.164, most likely first, at least one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """Everything found in one utterance."""

    phones: tuple[PhoneNumbers, ...] = ()
    datetimes: tuple[DateTimeWish, ...] = ()
    """Every reading; more than one means that usage is divided."""
    email: str | None = None
    """Lower case, syntax checked."""
    spelled: str | None = None
    """Upper case, with - and ' kept."""
    person: str | None = None
    """The caller's name as it would be written, e.g. `Jean-Pierre Lefèvre`."""
    yes_no: Literal["yes", "no"] | None = None
