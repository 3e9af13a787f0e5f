"""Rules for single days: days of the week, dates, relative days, feasts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from voicebot.nlu.datetime_calendar import (
    DAY,
    FEASTS,
    add_months,
    coming_date,
    coming_day_of_month,
    coming_feast,
    day_or_none,
    last_weekday,
    next_weekday,
    weekday_next_week,
)
from voicebot.nlu.datetime_mentions import DayMention, Mention, SpanMention

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
W = "(?:" + "|".join(DAYS) + ")"
M = "(?:" + "|".join(MONTHS) + ")"
N = r"(?:1er|[12]\d|3[01]|0?[1-9])"
_FOLLOWS_DAY = re.compile(
    r" ?(?:$|[,.;?!…]|(?:a|au|de ce mois|du mois|ou|et|vers|pour|si|c|ca|est|il|ils|elle|en|dans|mais|plutot|entre|avant"
    r"|apres|le|la|l|d|je|j"
    r"|on|nous|vous|merci|possible|svp|s|alors|non|oui|avec|chez|qui|prochain|matin|apresmidi|soir|midi|toute|pas|par|sans"
    r"|sinon|ce|parce"
    r"|comme|des|serait|sera|vers|plus|car|donc|voila|ici|a partir|jusqu|finalement|comme|exactement|aussi|ni|ne|n|y|tot|tard"
    r"|#+|\d{1,2} heures)\b|#)"
)
_STALE_DAYS = 62
"""How long ago a date with its weekday may lie and still be meant, and how far ahead « lundi 16 » may look."""

Found = list[Mention] | None
Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], Found]]


@dataclass(frozen=True, slots=True)
class _Said:
    """Weekday, number, month and year of one spoken date; each may be missing."""

    weekday: int | None
    day: int | None
    month: int | None
    year: int | None


def number_of(said: str) -> int:
    """« 1er » and figures as a number."""
    return int(said.removesuffix("er"))


def resolve(said: tuple[str | None, str | None, str | None, str | None], today: date) -> date | None:
    """Day of a weekday, number, month and year as said; None when they contradict each other or the calendar."""
    parts = _Said(
        weekday=DAYS.index(said[0]) if said[0] else None,
        day=number_of(said[1]) if said[1] else None,
        month=MONTHS.index(said[2]) + 1 if said[2] else None,
        year=_full_year(said[3]) if said[3] else None,
    )
    if parts.day is None:
        return None if parts.weekday is None else next_weekday(today, parts.weekday)
    return resolve_day(parts.weekday, parts.day, parts.month, parts.year, today)


def resolve_day(weekday: int | None, day: int, month: int | None, year: int | None, today: date) -> date | None:
    """As `resolve`, from numbers: 0 is Monday, 1 is January."""
    found = _numbered(_Said(weekday=weekday, day=day, month=month, year=year), day, today)
    return found if found is None or weekday is None or found.weekday() == weekday else None


def weekday_readings(today: date, weekday: int, qualifier: str | None) -> tuple[date, ...]:
    """Readings of a day of the week, bare, « prochain » or « dernier »."""
    if qualifier == "prochain":
        return weekday_next_week(today, weekday)
    return (last_weekday(today, weekday) if qualifier == "dernier" else next_weekday(today, weekday),)


def _numbered(parts: _Said, day: int, today: date) -> date | None:
    if parts.year is not None and parts.month is not None:
        return day_or_none(parts.year, parts.month, day)
    if parts.month is not None:
        coming = coming_date(today, day, parts.month)
        recent = day_or_none(coming.year - 1, parts.month, day) if coming else None
        just_past = recent is not None and (today - recent).days <= _STALE_DAYS and recent.weekday() == parts.weekday
        return recent if just_past and coming and coming.weekday() != parts.weekday else coming
    coming = coming_day_of_month(today, day)
    while coming and parts.weekday is not None and coming.weekday() != parts.weekday:
        coming = coming_day_of_month(coming + DAY, day)
        if coming and (coming - today).days > _STALE_DAYS:
            return None
    return coming


def _full_year(said: str) -> int:
    return int(said) + 2000 if len(said) == 2 else int(said)


def _day(m: re.Match[str], *readings: date | None, weekday: int | None = None, past: bool = False) -> Found:
    kept = tuple(dict.fromkeys(d for d in readings if d))
    return [DayMention(start=m.start(), end=m.end(), readings=kept, weekday=weekday, past=past)] if kept else []


def _written(m: re.Match[str], today: date) -> Found:
    day = resolve((m["w"], m["d"], m["m"], m["y"]), today)
    return _day(m, day, past=day is not None and (today - day).days > _STALE_DAYS)


def _slashed(m: re.Match[str], today: date) -> Found:
    month = int(m["m"])
    if not 1 <= month <= 12:
        return None
    return _day(m, resolve((m["w"], m["d"].lstrip("0"), MONTHS[month - 1], m["y"]), today))


def _numbered_weekday(m: re.Match[str], today: date) -> Found:
    return _day(m, resolve((m["w"], m["d"], None, None), today))


def _of_month(m: re.Match[str], today: date) -> Found:
    first = add_months(today.replace(day=1), 0 if m["which"] == "de ce mois" else 1)
    day = day_or_none(first.year, first.month, number_of(m["d"]))
    return [DayMention(start=m.start("d"), end=m.end(), readings=(day,))] if day else []


def _alone(m: re.Match[str], today: date) -> Found:
    if not _FOLLOWS_DAY.match(m.string, m.end()):
        return None
    if re.search(
        r"(?:dans|appel\w*|compose\w*|fait|faire|numero|sortie|ligne|bus|chambre|page|article) $", m.string[: m.start()]
    ):
        return None
    day = number_of(m["d"])
    coming = coming_day_of_month(today, day)
    again = coming_day_of_month(today + DAY, day) if coming == today else None
    readings = tuple(d for d in (coming, again) if d)
    return [DayMention(start=m.start("d"), end=m.end(), readings=readings)] if readings else []


def _weekday(m: re.Match[str], today: date) -> Found:
    weekday = DAYS.index(m["w"])
    coming = next_weekday(today, weekday)
    match m["q"]:
        case None | "qui vient" | "qui arrive" | "la" | "ci":
            return _day(m, coming, weekday=weekday)
        case "prochain" | "prochaine":
            return _day(m, *weekday_next_week(today, weekday))
        case "en 8" | "en 15" | "prochain en 8" as later:
            added = timedelta(days=14 if later == "en 15" else 7)
            same_day = (today + added,) if coming - today == timedelta(days=7) else ()
            return _day(m, *same_day, coming + added)
        case "dernier" | "passe":
            return _day(m, last_weekday(today, weekday), past=True)
        case _:
            return []


_RELATIVE = {"aujourdhui": 0, "demain": 1, "apresdemain": 2, "hier": -1, "avanthier": -2}


def _relative(m: re.Match[str], today: date) -> Found:
    days = _RELATIVE[m["r"]] + {"en 8": 7, "en 15": 14}.get(m["q"] or "", 0)
    return _day(m, today + timedelta(days=days), past=days < 0)


def _in(m: re.Match[str], today: date) -> Found:
    said = m["n"]
    count = {"un": 1, "une": 1, "une dizaine de": 10, "une quinzaine de": 15, "une huitaine de": 8, "une vingtaine de": 20}.get(
        said
    )
    number = int(said) if said.isdecimal() else count
    if number is None:
        return None
    target = _shifted(today, number, m["u"])
    if m["p"] == "d ici":
        return [SpanMention(start=m.start(), end=m.end(), readings=((None, target),))]
    return _day(m, target)


def _shifted(today: date, number: int, unit: str) -> date:
    if unit.startswith("jour"):
        return today + timedelta(days={8: 7, 15: 14}.get(number, number))
    if unit.startswith("semaine"):
        return today + timedelta(weeks=number)
    return add_months(today, number * (12 if unit.startswith("an") else 1))


def _fortnight(m: re.Match[str], today: date) -> Found:
    target = today + timedelta(days=14 if m["u"] == "quinzaine" else 7)
    if m["p"] == "d ici":
        return [SpanMention(start=m.start(), end=m.end(), readings=((None, target),))]
    return _day(m, target)


def _other_feast(m: re.Match[str], _today: date) -> Found:
    """« le mardi de Pâques » is no feast that everybody dates alike."""
    return None if m.group() in FEASTS else []


def _feast(m: re.Match[str], today: date) -> Found:
    day = coming_feast(today, m["f"])
    shift = {"veille": -1, "lendemain": 1, "surlendemain": 2}.get(m["s"] or "", 0)
    return _day(m, day + timedelta(days=shift))


DAY_RULES: tuple[Rule, ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"\b{W} (?:de |d )(?:la |l )?(?:{'|'.join(FEASTS)})\b", _other_feast),
        (rf"(?:(?P<s>veille|lendemain|surlendemain) (?:de |du |d )(?:la |l )?)?\b(?P<f>{'|'.join(FEASTS)})\b", _feast),
        (rf"\b(?:(?P<w>{W}) )?(?:le )?(?P<d>{N}) (?P<m>{M})\b(?: (?P<y>(?:19|20)\d\d)\b)?", _written),
        (rf"\b(?:(?P<w>{W}) )?(?:le )?(?P<d>{N})/(?P<m>\d{{1,2}})(?:/(?P<y>\d{{4}}|\d\d))?\b", _slashed),
        (rf"\b(?:le |au |du )(?P<d>{N}) (?P<which>de ce mois|du mois prochain)(?: ci)?\b", _of_month),
        (rf"\b(?P<w>{W})(?: le)? (?P<d>{N})\b(?! heures| a \d+ heures)(?! \d)", _numbered_weekday),
        (
            rf"\b(?P<w>{W})(?: (?P<q>prochain en 8|prochaine?|qui vient|qui arrive|en 8|en 15|dernier|passe|suivant|d apres))?\b",
            _weekday,
        ),
        (r"\b(?P<r>aujourdhui|apresdemain|demain|avanthier|hier)\b(?: (?P<q>en 8|en 15))?", _relative),
        (
            (
                r"\b(?P<p>dans|d ici|sous)(?: a peu pres| environ)? (?P<n>\d+"
                r"|une?(?: (?:dizaine|quinzaine|huitaine|vingtaine) de)?)"
                r" (?P<u>jours?|semaines?|mois|ans?|annees?)\b(?! de | et demie?)"
            ),
            _in,
        ),
        (r"\b(?P<p>dans|d ici) une (?P<u>quinzaine|huitaine)\b", _fortnight),
        (rf"\b(?:le |au |du |(?<=partir )du )(?P<d>{N})\b(?! heures)(?! ?\d)", _alone),
    )
)
"""In the order in which they are tried; each takes the words it has read out of the sentence."""
