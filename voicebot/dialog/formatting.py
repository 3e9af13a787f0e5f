"""Dates, hours, numbers, sums and lists as one writes them in a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import groupby

from babel.dates import format_date

from voicebot.core.language import Language

_ARTICLE = re.compile(r"^(le|la|les|the)\s+|^l['’]\s*", re.IGNORECASE)


def write_day(day: date, language: Language) -> str:
    """« mardi 1er décembre », `Tuesday 1 December`."""
    text: str = format_date(day, "EEEE d MMMM", locale=language)
    return text.replace(" 1 ", " 1er ") if language == "fr" else text


def write_day_on(day: date, language: Language) -> str:
    """At the start of a sentence: « Le mardi 24 novembre », `On Tuesday 24 November`."""
    return f"{'Le' if language == 'fr' else 'On'} {write_day(day, language)}"


def write_time(moment: time, language: Language) -> str:
    """« 14 h 30 », « 9 h »; `2:30 pm`, `9 am`."""
    if language == "fr":
        return f"{moment.hour} h {moment.minute:02d}" if moment.minute else f"{moment.hour} h"
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{(moment.hour - 1) % 12 + 1}{minutes} {'am' if moment.hour < 12 else 'pm'}"


def write_moment(moment: datetime, language: Language) -> str:
    """« mardi 24 novembre à 14 h 30 »."""
    at = "à" if language == "fr" else "at"
    return f"{write_day(moment.date(), language)} {at} {write_time(moment.time(), language)}"


def write_moments(moments: Sequence[datetime], language: Language) -> str:
    """Alternatives; a day that several share is said once: « mardi 24 novembre à 9 h ou à 10 h »."""
    at = "à" if language == "fr" else "at"
    days = []
    for day, same in groupby(moments, key=lambda moment: moment.date()):
        hours = [f"{at} {write_time(moment.time(), language)}" for moment in same]
        days.append(f"{write_day(day, language)} {alternatives(hours, language)}")
    return alternatives(days, language)


def write_person(name: str, language: Language) -> str:
    """Somebody of the firm inside a sentence: « le docteur Martin », `docteur Martin`, `Jean Petit`."""
    titled = name.lower().startswith(("docteur ", "professeur "))
    return f"le {name}" if titled and language == "fr" else name


def write_of(name: str, language: Language) -> str:
    """« de Jean Martin », « d'Anne Leroy »; `of Jean Martin`."""
    if language == "en":
        return f"of {name}"
    return f"d'{name}" if unicodedata.normalize("NFD", name)[:1].lower() in {*"aeiou"} else f"de {name}"


def write_phone(number: str) -> str:
    """« 06 12 34 56 78 » for a French number in E.164; others keep their + and go in pairs."""
    if number.startswith("+33") and len(number) == 12:
        return _pairs("0" + number[3:])
    digits = number.removeprefix("+")
    head = len(digits) % 2
    return ("+" + " ".join(part for part in (digits[:head], _pairs(digits[head:])) if part)).strip()


def write_euros(amount: float, language: Language) -> str:
    """« 25 € », « 26,50 € »; `€25`, `€26.50`."""
    number = f"{amount:.0f}" if amount == int(amount) else f"{amount:.2f}"
    return f"{number.replace('.', ',')} €" if language == "fr" else f"€{number}"


def write_spans(bounds: Sequence[time], language: Language) -> str:
    """Opening hours of a day, alternately opens and closes: « de 9 h à 12 h et de 14 h à 18 h »."""
    start, end = ("de", "à") if language == "fr" else ("from", "to")
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return enumeration([f"{start} {write_time(a, language)} {end} {write_time(b, language)}" for a, b in pairs], language)


def enumeration(items: Sequence[str], language: Language) -> str:
    """« A, B et C »."""
    return _joined(items, "et" if language == "fr" else "and")


def alternatives(items: Sequence[str], language: Language) -> str:
    """« A, B ou C »."""
    return _joined(items, "ou" if language == "fr" else "or")


def _joined(items: Sequence[str], last: str) -> str:
    return f" {last} ".join((", ".join(items[:-1]), items[-1])) if len(items) > 1 else "".join(items)


def _pairs(digits: str) -> str:
    return " ".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def headline(name: str) -> str:
    """A firm's name as one answers the phone: « Cabinet médical des Lilas », without its article."""
    bare = _ARTICLE.sub("", name)
    return bare[:1].upper() + bare[1:]
