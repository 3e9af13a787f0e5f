"""Rules for ranges of days: « du 3 au 7 », weeks, months, week-ends."""

from __future__ import annotations

import re
from datetime import date, timedelta

from voicebot.nlu.datetime_calendar import (
    DAY,
    FEASTS,
    add_months,
    coming_day_of_month,
    coming_feast,
    monday_of,
    month_end,
    next_weekday,
)
from voicebot.nlu.datetime_days import DAYS, MONTHS, M, N, Rule, W, number_of, resolve
from voicebot.nlu.datetime_mentions import Mention, SpanMention

_WEEK_PARTS = {"debut": (0, 1), "milieu": (1, 3), "fin": (3, 4), "finsemaine": (3, 4), None: (0, 6)}
"""First and last day of each part of a week, Monday is 0."""
_MONTH_PARTS = {"debut": (1, 10), "mi": (11, 20), "milieu": (11, 20), "fin": (21, 31), None: (1, 31)}
"""First and last day of each part of a month."""
_APPOINTMENTS = re.compile(r"\b(?:rdv|consultation|seance|reunion|visite|passer)\b")
_MOVES = re.compile(r"\b(?:deplac|decal|report|repouss|avanc|recul|remett|bascul|chang)\w*\b")

Found = list[Mention] | None


def _span(m: re.Match[str], *readings: tuple[date | None, date | None], week: bool = False) -> Found:
    return [SpanMention(start=m.start(), end=m.end(), readings=readings, week=week)] if readings else []


def _from_to(m: re.Match[str], today: date) -> Found:
    before = m.string[: m.start()]
    if (m["lead"] == "de" and _APPOINTMENTS.search(before)) or (m["lead"] in {"de", "du"} and _MOVES.search(before)):
        return None
    if m["lead"] in {"de", "entre"} and not any((m["w1"], m["w2"], m["m1"], m["m2"])):
        return None
    second_month, second_year = m["m2"], m["y2"]
    if (m["d1"] is None and m["w1"] is None) or (m["d2"] is None and m["w2"] is None) or (m["d1"] and not m["d2"]):
        return None
    first = resolve((m["w1"], m["d1"], m["m1"] or (second_month if m["d1"] else None), second_year), today)
    if first is None:
        return []
    last = resolve((m["w2"], m["d2"], second_month or m["m1"], second_year), first) if m["d2"] else None
    if m["d2"] is None and m["w2"]:
        last = next_weekday(first, DAYS.index(m["w2"]))
    return _span(m, (first, last)) if last and last > first else []


def _week(m: re.Match[str], today: date) -> Found:
    monday = monday_of(today)
    if m["which"] in {"prochaine", "qui vient", "qui arrive"}:
        monday += timedelta(weeks=1)
    elif m["which"] not in {"en cours", "ci", None} or (m["which"] is None and m["lead"] != "cette"):
        return []
    part = "fin" if m["fin"] else m["part"]
    first, last = (monday + timedelta(days=d) for d in _WEEK_PARTS[part])
    return _span(m, (max(first, today), last), week=part is None) if last >= today else []


def _part_of_some_week(m: re.Match[str], today: date) -> Found:
    first, last = _WEEK_PARTS[m["part"] or "fin"]
    monday = monday_of(today)
    if monday + timedelta(days=last) < today:
        monday += timedelta(weeks=1)
    return _span(m, (max(monday + timedelta(days=first), today), monday + timedelta(days=last)))


def _week_of(m: re.Match[str], today: date) -> Found:
    day = resolve((None, m["d"], m["m"], None), today)
    if m["m"] is None:
        day = coming_day_of_month(monday_of(today), number_of(m["d"]))
    return _span(m, (monday_of(day), monday_of(day) + timedelta(days=6)), week=True) if day else []


def _feast_week(m: re.Match[str], today: date) -> Found:
    monday = monday_of(coming_feast(today, m["f"]))
    return _span(m, (monday, monday + timedelta(days=6)), week=True)


def _month(m: re.Match[str], today: date) -> Found:
    month = MONTHS.index(m["m"]) + 1
    part = m["part"]
    first_day, last_day = _MONTH_PARTS[part]
    year = int(m["y"]) if m["y"] else today.year
    ends = _end(date(year, month, 1), last_day)
    if ends < today and not m["y"]:
        year, ends = year + 1, _end(date(year + 1, month, 1), last_day)
    return _span(m, (max(date(year, month, first_day), today), ends))


def _relative_month(m: re.Match[str], today: date) -> Found:
    first_of_month = add_months(today.replace(day=1), 1 if m["which"] in {"prochain", "qui vient", "qui arrive"} else 0)
    if m["which"] in {"dernier", "passe", "suivant", "d apres"}:
        return []
    first_day, last_day = _MONTH_PARTS[m["part"]]
    first, last = first_of_month.replace(day=first_day), _end(first_of_month, last_day)
    return _span(m, (max(first, today), last)) if last >= today else []


def _end(first: date, last_day: int) -> date:
    return month_end(first) if last_day == 31 else first.replace(day=last_day)


def _weekend(m: re.Match[str], today: date) -> Found:
    saturday = monday_of(today) + timedelta(days=5)
    sunday = saturday + DAY
    this = (max(saturday, today), sunday)
    coming = (saturday + timedelta(weeks=1), sunday + timedelta(weeks=1))
    if m["which"] in {"dernier", "passe"} or m["lead"] == "les":
        return []
    if m["which"] in {"prochain", "qui vient"}:
        return _span(m, coming) if today >= saturday else _span(m, this, coming)
    return _span(m, this)


_POINT = rf"(?:(?P<w{{0}}>{W}) ?)?(?:le )?(?P<d{{0}}>{N})?(?: (?P<m{{0}}>{M}))?(?: (?P<y{{0}}>20\d\d))?"
_PART = r"(?:(?:en |a |au |vers )?(?:la |le )?(?P<part>debut|milieu|fin) (?:de |du |d )?)?"

SPAN_RULES: tuple[Rule, ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (
            (
                rf"\b(?P<lead>du|de|entre|entre le|a partir du) {_POINT.format(1)} (?:au|a|et|et le|jusqu au"
                rf"|jusqu a) {_POINT.format(2)}"
                rf"(?<! )(?! ?\d| heures)"
            ),
            _from_to,
        ),
        (rf"\b(?:la |pendant la )?semaine (?:de |du |d )(?:la |l )?(?P<f>{'|'.join(FEASTS)})\b", _feast_week),
        (rf"\b(?:la |dans la |pour la )?semaine du (?:{W} )?(?P<d>{N})(?: (?P<m>{M}))?\b", _week_of),
        (
            (
                rf"{_PART}(?:(?:en |la )?(?P<fin>finsemaine)|(?P<lead>la|cette|de|du|en|l)? ?\bsemaine)"
                r"(?: (?P<which>prochaine|qui vient|qui arrive|en cours|ci|derniere|passee|suivante|d apres|precedente))"
            ),
            _week,
        ),
        (r"\b(?P<part>(?!))?(?P<fin>(?!))?(?P<lead>cette) semaine\b(?: (?P<which>ci))?", _week),
        (r"\b(?:en |a la |la )?(?:(?P<part>debut|milieu|fin) (?:de la |de )?semaine|finsemaine)\b", _part_of_some_week),
        (
            (
                rf"\b(?:(?:en |a la |a |au |vers )?(?:la |le )?(?P<part>debut|mi|milieu|fin) (?:du mois de |de |d )?|(?:en"
                rf"|courant|au mois de"
                rf"|mois de|pour|sur|de|jusqu en) )(?P<m>{M})\b(?: (?P<y>20\d\d))?"
            ),
            _month,
        ),
        (
            (
                rf"{_PART}(?:le |ce |du |dans le )?\bmois(?: ci)?(?: (?P<which>prochain|qui vient|qui arrive|dernier|passe"
                rf"|suivant|d apres|en cours))"
            ),
            _relative_month,
        ),
        (
            (
                r"\b(?:(?:en |a la |a |au |vers )?(?:la |le )?(?P<part>debut|milieu|fin) (?:du|de ce|de) mois"
                r"|ce mois)\b(?: ci)?(?P<which>(?!))?"
            ),
            _relative_month,
        ),
        (r"\b(?P<lead>le|ce|les|du|au|un)? ?weekend(?: (?P<which>prochain|qui vient|ci|dernier|passe))?\b", _weekend),
    )
)
"""In the order in which they are tried, before the rules for single days."""
