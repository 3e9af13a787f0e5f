"""Rules for English dates and hours: the same mentions as the French ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from voicebot.nlu.datetime_calendar import DAY, add_months, coming_feast, monday_of, month_end, next_weekday
from voicebot.nlu.datetime_days import Rule, resolve_day, weekday_readings
from voicebot.nlu.datetime_mentions import (
    AsapMention,
    Clock,
    DayMention,
    HourMention,
    HoursMention,
    Mention,
    PartMention,
    SpanMention,
)
from voicebot.nlu.numbers import ENGLISH_ATOMS, fold
from voicebot.nlu.slots import PartOfDay

Found = list[Mention] | None

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17,
    "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\b([ap])\.? ?m\b\.?", r"\1m"),
        (r"(\d)(am|pm)\b", r"\1 \2"),
        (r"\bo'? ?clock\b", "oclock"),
        (r"([,.;?!])", r" \1 "),
        (r"['’\-–—\"()]", " "),
    )
)
_W = f"(?:{'|'.join(_DAYS)})"
_M = f"(?:{'|'.join(_MONTHS)})"
_N = r"(?:3[01]|[12]\d|[1-9])"


def flatten_english(text: str) -> str:
    """`text` folded, numbers and ordinals in figures (« 16th »), one space between words."""
    line = fold(text)
    for pattern, replacement in _REWRITES:
        line = pattern.sub(replacement, line)
    words: list[str] = []
    for word in line.split():
        value = _ORDINALS.get(word, ENGLISH_ATOMS.get(word))
        after_tens = bool(words) and words[-1] in {"20", "30", "40", "50"} and value is not None and 1 <= value <= 9
        said = f"{value}th" if word in _ORDINALS else word if value is None else str(value)
        if after_tens:
            said = words.pop()[0] + said
        words.append(said)
    return re.sub(r"\b(\d+)(?:st|nd|rd)\b", r"\1th", " ".join(words))


def _day(m: re.Match[str], *readings: date | None, weekday: int | None = None, past: bool = False) -> Found:
    kept = tuple(dict.fromkeys(d for d in readings if d))
    return [DayMention(start=m.start(), end=m.end(), readings=kept, weekday=weekday, past=past)] if kept else []


def _weekday(m: re.Match[str], today: date) -> Found:
    weekday = _DAYS.index(m["w"])
    qualifier = {"next": "prochain", "last": "dernier"}.get(m["q"] or "")
    if m["later"] == "week":
        return _day(m, next_weekday(today, weekday) + timedelta(days=7))
    return _day(
        m, *weekday_readings(today, weekday, qualifier), weekday=None if qualifier else weekday, past=qualifier == "dernier"
    )


def _written(m: re.Match[str], today: date) -> Found:
    weekday = _DAYS.index(m["w"]) if m["w"] else None
    month = _MONTHS.index(m["m"]) + 1 if m["m"] else None
    return _day(m, resolve_day(weekday, int(m["d"]), month, int(m["y"]) if m["y"] else None, today))


def _numbered(m: re.Match[str], today: date) -> Found:
    weekday = _DAYS.index(m["w"]) if m["w"] else None
    return _day(m, resolve_day(weekday, int(m["d"]), None, None, today))


def _relative(m: re.Match[str], today: date) -> Found:
    days = {"today": 0, "tomorrow": 1, "the day after tomorrow": 2, "yesterday": -1, "tonight": 0}[m["r"]]
    found = _day(m, today + timedelta(days=days), past=days < 0) or []
    if m["r"] == "tonight":
        return [DayMention(start=m.start(), end=m.start() + 2, readings=(today,)), _part_at(m, PartOfDay.EVENING, 2)]
    return found


def _part_at(m: re.Match[str], part: PartOfDay, offset: int = 0) -> PartMention:
    return PartMention(start=m.start() + offset, end=m.end(), part=part)


def _in(m: re.Match[str], today: date) -> Found:
    number = 1 if m["n"] in {"a", "one"} else int(m["n"])
    unit = m["u"]
    if unit.startswith("fortnight"):
        return _day(m, today + timedelta(days=14 * number))
    if unit.startswith("month"):
        return _day(m, add_months(today, number))
    return _day(m, today + timedelta(days=number * (7 if unit.startswith("week") else 1)))


def _week(m: re.Match[str], today: date) -> Found:
    monday = monday_of(today) + timedelta(weeks=1 if m["q"] == "next" else 0)
    if m["q"] == "last":
        return []
    return [SpanMention(start=m.start(), end=m.end(), readings=((max(monday, today), monday + timedelta(days=6)),), week=True)]


def _month(m: re.Match[str], today: date) -> Found:
    first = add_months(today.replace(day=1), 1)
    return [SpanMention(start=m.start(), end=m.end(), readings=((first, month_end(first)),))]


def _weekend(m: re.Match[str], today: date) -> Found:
    saturday = monday_of(today) + timedelta(days=5)
    this = (max(saturday, today), saturday + DAY)
    coming = (saturday + timedelta(weeks=1), saturday + timedelta(days=8))
    return [SpanMention(start=m.start(), end=m.end(), readings=(this, coming) if m["q"] == "next" else (this,))]


def _feast(m: re.Match[str], today: date) -> Found:
    names = {"christmas": "noel", "easter monday": "lundi de paques", "easter": "paques", "new year": "jour de l an"}
    day = coming_feast(today, names[m["f"]])
    return _day(m, day - DAY if m["eve"] else day)


def _clock(hour: str, minute: str | None, half: str | None) -> Clock | None:
    value, minutes = (12 if hour in {"noon", "midday"} else 0 if hour == "midnight" else int(hour)), int(minute or 0)
    if value > 24 or minutes > 59:
        return None
    if half in {"pm", "in the afternoon", "in the evening", "at night"} and 1 <= value <= 11:
        value += 12
    if half in {"am", "in the morning"} and value == 12:
        value = 0
    return Clock(hour=value % 24, minute=minutes, fixed=half is not None or value > 12 or not hour.isdecimal())


_BORDERS = (
    ("from", re.compile(r"\b(?:after|from|not before|starting at|any time after) $")),
    ("to", re.compile(r"\b(?:before|until|till|by|no later than) $")),
)
_ABOUT = re.compile(r"\b(?:around|about|roughly|approximately)(?: at)? $")


def _hour(m: re.Match[str], clock: Clock | None) -> Found:
    if clock is None:
        return []
    before = m.string[: m.start()]
    role = next((name for name, pattern in _BORDERS if pattern.search(before)), "at")
    about = bool(_ABOUT.search(before)) or m.string[m.end() :].startswith(" ish")
    found = HourMention(
        start=m.start(), end=m.end(), clock=clock, role="from" if role == "from" else "to" if role == "to" else "at", approx=about
    )
    return [found]


def _plain_hour(m: re.Match[str], _today: date) -> Found:
    return _hour(m, _clock(m["h"], m["m"], m["p"]))


def _past_hour(m: re.Match[str], _today: date) -> Found:
    minutes = {"half": 30, "quarter": 15, "a quarter": 15}.get(m["q"]) or int(re.sub(r"\D", "", m["q"]) or 0)
    clock = _clock(m["h"], None, m["p"])
    if clock is None:
        return []
    if m["side"] == "past":
        return _hour(m, Clock(hour=clock.hour, minute=minutes, fixed=clock.fixed))
    return _hour(m, Clock(hour=clock.hour, fixed=clock.fixed, earlier_minutes=minutes))


def _range(m: re.Match[str], _today: date) -> Found:
    half = m["p2"]
    first, last = (
        _clock(m["h1"], m["m1"], m["p1"] or (half if half != "pm" or int(m["h1"]) < int(m["h2"]) else None)),
        _clock(m["h2"], m["m2"], half),
    )
    return [HoursMention(start=m.start(), end=m.end(), first=first, last=last)] if first and last else []


def _part(part: PartOfDay) -> Callable[[re.Match[str], date], Found]:
    def read(m: re.Match[str], _today: date) -> Found:
        return [_part_at(m, part)]

    return read


def _asap(m: re.Match[str], _today: date) -> Found:
    return [AsapMention(start=m.start(), end=m.end())]


_HALF = r"am|pm|in the morning|in the afternoon|in the evening|at night"
_PARTS = (
    (r"late (?:in the )?morning", PartOfDay.LATE_MORNING),
    (r"early (?:in the )?afternoon", PartOfDay.EARLY_AFTERNOON),
    (r"late (?:in the )?afternoon", PartOfDay.LATE_AFTERNOON),
    (r"(?:at )?(?:the )?end of the day|after work", PartOfDay.LATE_DAY),
    (r"lunch ?time|(?:at |over )lunch", PartOfDay.MIDDAY),
    (r"(?:in the |this |early )?mornings?", PartOfDay.MORNING),
    (r"(?:in the |this )?afternoons?", PartOfDay.AFTERNOON),
    (r"(?:in the |this )?evenings?", PartOfDay.EVENING),
    (r"at night", PartOfDay.NIGHT),
)
_SOON = (
    r"\b(?:as soon as possible|asap|as early as possible|as soon as you can|(?:the )?(?:earliest|soonest"
    r"|first available)(?: possible)?|as quickly as possible)\b"
)

ENGLISH_RULES: tuple[Rule, ...] = (
    (re.compile(_SOON), _asap),
    (re.compile(r"\b(?P<f>christmas|easter monday|easter|new year)(?: s)?(?: day)?(?P<eve> eve)?\b"), _feast),
    (
        re.compile(rf"\b(?:(?P<w>{_W}) ?,? )?(?:the |on the )?(?P<d>{_N})(?:th)?(?: of)? (?P<m>{_M})\b(?: ?,? (?P<y>20\d\d))?"),
        _written,
    ),
    (re.compile(rf"\b(?:(?P<w>{_W}) ?,? )?(?P<m>{_M}) (?:the )?(?P<d>{_N})(?:th)?\b(?: ?,? (?P<y>20\d\d))?"), _written),
    (re.compile(rf"\b(?:(?P<w>{_W}) ?,? (?:the )?|the )(?P<d>{_N})th\b"), _numbered),
    (re.compile(rf"\ba (?P<later>week) (?:on )?(?P<w>{_W})(?P<q>(?!))?"), _weekday),
    (re.compile(rf"\b(?:(?P<q>next|last|this|this coming) )?(?P<w>{_W})\b(?: (?P<later>week)\b)?"), _weekday),
    (re.compile(r"\b(?P<r>the day after tomorrow|tomorrow|today|tonight|yesterday)\b"), _relative),
    (re.compile(r"\b(?:in|within) (?P<n>\d+|a) (?P<u>days?|weeks?|fortnights?|months?)\b(?: time)?"), _in),
    (re.compile(r"\b(?P<q>next|this|last) week\b"), _week),
    (re.compile(r"\bnext month\b"), _month),
    (re.compile(r"\b(?:(?P<q>next|this) |the |at the )?weekend\b"), _weekend),
    (
        re.compile(
            rf"\b(?:between|from) (?P<h1>\d\d?)(?:[ :](?P<m1>[0-5]\d))?(?: (?P<p1>am|pm))? (?:and|to|until) (?P<h2>\d\d?)"
            rf"(?:[ :](?P<m2>[0-5]\d))?(?: (?P<p2>{_HALF}))?(?! (?:days|weeks|people|minutes))\b"
        ),
        _range,
    ),
    (
        re.compile(
            rf"\b(?P<q>half|a quarter|quarter|\d\d?(?: minutes)?) (?P<side>past|to) (?P<h>1[0-2]|\d|noon|midday"
            rf"|midnight)\b(?: oclock)?(?: (?P<p>{_HALF}))?"
        ),
        _past_hour,
    ),
    (re.compile(rf"\b(?P<h>2[0-3]|1\d|0?\d)(?:[ :.](?P<m>[0-5]\d))?(?: oclock)? (?P<p>{_HALF})\b"), _plain_hour),
    (re.compile(r"\b(?P<h>2[0-3]|1\d|0?\d):(?P<m>[0-5]\d)\b(?P<p>(?!))?"), _plain_hour),
    (re.compile(r"\b(?P<h>1[0-2]|\d)(?P<m>(?!))? oclock\b(?P<p>(?!))?"), _plain_hour),
    (
        re.compile(
            r"(?<=\bat )(?P<h>2[0-3]|1\d|\d)(?: (?P<m>[0-5]\d))?\b(?! ?(?:th|rue|street|\d|euros|pounds|days|people))(?P<p>(?!))?"
        ),
        _plain_hour,
    ),
    (
        re.compile(r"(?<=\b(?:fore|fter|ound|bout) )(?P<h>2[0-3]|1\d|\d)(?: (?P<m>[0-5]\d))?(?= ?(?:$|[,.?!]))(?P<p>(?!))?"),
        _plain_hour,
    ),
    (re.compile(r"\b(?P<h>noon|midday|midnight)(?P<m>(?!))?(?P<p>(?!))?\b"), _plain_hour),
    *((re.compile(rf"\b(?:{pattern})\b"), _part(part)) for pattern, part in _PARTS),
)
"""In the order in which they are tried; each takes the words it has read out of the sentence."""
