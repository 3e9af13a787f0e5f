"""Checks of hours, closures and time zone. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from voicebot.clients.consignes import Consignes, DayName, Hours
from voicebot.clients.problems import Problem
from voicebot.clients.yaml_source import Path


def hours(consignes: Consignes) -> Iterator[Problem]:
    """The firm opens, and each opening closes later, without overlap."""
    yield from _weekly(consignes.hours, ("hours",))
    if not any(consignes.hours.values()):
        yield Problem(path=("hours",), sentence="the firm is never open, expected hours on at least one day")


def booking_hours(consignes: Consignes) -> Iterator[Problem]:
    """Appointments are given within the opening hours."""
    weekly = consignes.booking.hours or {}
    yield from _weekly(weekly, ("booking", "hours"))
    for day, intervals in weekly.items():
        for i, given in enumerate(intervals):
            if not any(open_.opens <= given.opens and given.closes <= open_.closes for open_ in consignes.hours.get(day, ())):
                sentence = f"{_span(given)} is outside the opening hours of that day"
                yield Problem(path=("booking", "hours", day, i), sentence=sentence, severity="warning")


def _weekly(weekly: Mapping[DayName, Sequence[Hours]], base: Path) -> Iterator[Problem]:
    for day, intervals in weekly.items():
        for i, hours in enumerate(intervals):
            if hours.opens.tzinfo or hours.closes.tzinfo:
                yield Problem(path=(*base, day, i), sentence="a local time has no zone, expected times such as 08:30")
            elif hours.opens >= hours.closes:
                sentence = f"opens at {hours.opens:%H:%M} and closes at {hours.closes:%H:%M}: it must close later than it opens"
                yield Problem(path=(*base, day, i), sentence=sentence)
        plain = [(i, hours) for i, hours in enumerate(intervals) if not (hours.opens.tzinfo or hours.closes.tzinfo)]
        for (_, before), (i, after) in pairwise(sorted(plain, key=lambda pair: pair[1].opens)):
            if after.opens < before.closes:
                yield Problem(path=(*base, day, i), sentence=f"{_span(after)} overlaps {_span(before)}")


def closures(consignes: Consignes) -> Iterator[Problem]:
    """A closure ends after it begins."""
    for i, closure in enumerate(consignes.closures):
        if closure.last < closure.first:
            sentence = f"ends on {closure.last}, before it begins on {closure.first}"
            yield Problem(path=("closures", i, "last"), sentence=sentence)


def _span(hours: Hours) -> str:
    return f"{hours.opens:%H:%M}-{hours.closes:%H:%M}"


def zone(consignes: Consignes) -> Iterator[Problem]:
    """The time zone exists."""
    try:
        ZoneInfo(consignes.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        sentence = f"unknown time zone {consignes.timezone!r}, expected a name such as Europe/Paris"
        yield Problem(path=("timezone",), sentence=sentence)
