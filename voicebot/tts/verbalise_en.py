"""English: what is written in digits, symbols and abbreviations, as a British receptionist in France says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from num2words import num2words

from voicebot.tts.spoken_rules import Rule, SpokenGrammar, only_digits, pairs, rule

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TITLES: Mapping[str, str] = MappingProxyType(
    {"Mr": "mister", "Mrs": "missus", "Ms": "miz", "Dr": "doctor", "Prof": "professor", "St": "saint", "Me": "maître",
     "Mme": "madame"}
)  # fmt: skip
_ABBREVIATIONS: Mapping[str, str] = MappingProxyType(
    {"e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "appt": "appointment", "tel.": "telephone", "min": "minutes"}
)
_SAID_AS_WORDS = frozenset({"NASA", "PIN", "OK"})
_CURRENCIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"€": ("euro", "euros"), "$": ("dollar", "dollars"), "£": ("pound", "pounds")}
)
_LETTER_A = "eigh"  # a lone « a » is read as the article; this is how English voices (espeak-ng) say the letter
_NUMBER = r"\d{1,3}(?:[, ]\d{3})+(?!\d)|\d+"
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_DAY = r"(?:the )?(?P<d>[0-3]?[1-9]|[123]0)(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<y>\d{4})\b)?"


def cardinal(value: int) -> str:
    """`120` -> "one hundred and twenty"."""
    return str(num2words(value, lang="en")).replace(",", "")


def ordinal(value: int) -> str:
    """`24` -> "twenty-fourth"."""
    return str(num2words(value, lang="en", to="ordinal")).replace(",", "")


def year(value: int) -> str:
    """`2026` -> "twenty twenty-six"."""
    return str(num2words(value, lang="en", to="year")).replace(",", "")


def digit_by_digit(digits: str) -> str:
    """`06` -> "zero six"."""
    return " ".join(_DIGITS[int(digit)] for digit in digits)


def in_pairs(digits: str) -> str:
    """`0612` -> "zero six, one two": digit by digit, with a short pause after each pair."""
    return ", ".join(digit_by_digit(pair) for pair in pairs(digits))


def clock_time(hour: int, minute: int) -> str:
    """`(14, 30)` -> "two thirty p m", `(12, 0)` -> "noon", `(9, 5)` -> "nine oh five eigh m"."""
    if minute == 0 and hour % 12 == 0:
        return "noon" if hour == 12 else "midnight"
    minutes = "" if not minute else f" {'oh ' if minute < 10 else ''}{cardinal(minute)}"
    return f"{cardinal(hour % 12 or 12)}{minutes} {_LETTER_A if hour < 12 or hour == 24 else 'p'} m"


def date(day: int, month: str, year_digits: str = "") -> str:
    """`(24, "November", "2026")` -> "the twenty-fourth of November twenty twenty-six"."""
    return f"the {ordinal(day)} of {month}" + (f" {year(int(year_digits))}" if year_digits else "")


def number(text: str) -> str:
    """A plain number: years from 1900 to 2099 as years, zeros in front and 7 digits or more in a row digit by digit."""
    digits = only_digits(text)
    if len(digits) == len(text) and (len(digits) > 6 or (digits[0] == "0" and len(digits) > 1)):
        return in_pairs(digits)
    if len(text) == 4 and 1900 <= int(digits) <= 2099:
        return year(int(digits))
    return cardinal(int(digits)) if len(digits) <= 12 else in_pairs(digits)


def _address(match: re.Match[str]) -> str:
    spoken = {"@": "at", ".": "dot", "-": "dash", "_": "underscore", "+": "plus", "/": "slash", ":": "colon"}
    parts = re.findall(r"[^\W\d_]+|\d|[^\w\s]|_", re.sub(r"(?i)^https?://", "", match[0]))
    return " ".join(_address_part(part, spoken) for part in parts)


def _address_part(part: str, symbols: Mapping[str, str]) -> str:
    if part.isdigit():
        return digit_by_digit(part)
    short = part.isalpha() and (len(part) <= 2 or part.lower() == "www")
    return _spelled(part) if short else symbols.get(part, part.lower())


def _phone(match: re.Match[str]) -> str:
    return in_pairs("0" + only_digits(match["rest"]))


def _foreign_phone(match: re.Match[str]) -> str:
    import phonenumbers  # slow to import, and most sentences hold no foreign number

    try:
        parsed = phonenumbers.parse(match[0])
    except phonenumbers.NumberParseException:
        return in_pairs(only_digits(match[0]))
    national = phonenumbers.national_significant_number(parsed)
    if parsed.country_code == 33:
        return in_pairs("0" + national)
    return f"plus {digit_by_digit(str(parsed.country_code))}, {in_pairs(national)}"


def _numeric_date(match: re.Match[str]) -> str:
    day, month = int(match["d"]), int(match["m"])
    return date(day, MONTHS[month - 1], match["y"]) if 1 <= day <= 31 and 1 <= month <= 12 else match[0].replace("/", " ")


def _written_date(match: re.Match[str]) -> str:
    return date(int(match["d"]), match["month"], match["y"] or "")


def _time(match: re.Match[str]) -> str:
    hour, minute, half = int(match["h"]), int(match["m"] or 0), (match.groupdict().get("half") or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return clock_time(hour, minute)


def _amount(match: re.Match[str]) -> str:
    symbol = match.groupdict().get("unit") or match.groupdict().get("sign") or "€"
    whole, cents = int(only_digits(match["n"])), int((match["c"] or "0").ljust(2, "0"))
    one, many = _CURRENCIES.get(symbol, ("euro", "euros"))
    return f"{cardinal(whole)} {one if whole == 1 else many}" + (f" {cardinal(cents)}" if cents else "")


def _decimal(match: re.Match[str]) -> str:
    return f"{cardinal(int(only_digits(match['n'])))} point {digit_by_digit(match['c'])}"


def _spelled(letters: str) -> str:
    return " ".join(letters.upper()).replace("A", _LETTER_A)


def _acronym(match: re.Match[str]) -> str:
    word = match[0] in _SAID_AS_WORDS or len(match[0]) > 5
    return match[0].lower() if word else _spelled(match[0])


_I = re.IGNORECASE
_RULES: tuple[Rule, ...] = (
    rule(r"(?:https?://|www\.)[\w./:-]*\w|[\w.+-]*\w@[\w-]+(?:\.[\w-]+)*", _address, _I),
    rule(r"(?<![\d+])(?:\+33|0033) ?(?:\(0\) ?)?(?P<rest>[1-9](?:[ .-]?\d\d){4})(?!\d)", _phone),
    rule(r"(?<![\d+])0(?P<rest>[1-9](?:[ .-]?\d\d){4})(?!\d)", _phone),
    rule(r"(?<![\w+])\+\d(?:[ .()-]{0,2}\d){6,14}(?!\d)", _foreign_phone),
    rule(r"(?<!\d)(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})(?!\d)", _numeric_date),
    rule(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)", _numeric_date),
    rule(rf"(?<!\d){_DAY} (?:of )?{_MONTH}\b{_YEAR}", _written_date),
    rule(rf"\b{_MONTH} {_DAY}\b{_YEAR}", _written_date),
    rule(r"(?<!\d)(?P<h>1[0-2]|0?[1-9])(?:[:.](?P<m>[0-5]\d))? ?(?P<half>[ap])\.?m\b(?:\.(?=\S| [a-z]))?", _time, _I),
    rule(r"(?<!\d)(?P<h>[01]?\d|2[0-3]) ?h\b(?: ?(?P<m>[0-5]\d)(?!\d))?", _time),
    rule(r"(?<!\d)(?P<h>[01]?\d|2[0-3])h(?P<m>[0-5]\d)(?!\d)", _time),
    rule(r"(?<![\d:])(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?![\d:])", _time),
    rule(r"(?<=\d) ?- ?(?=\d)|(?<= p m) ?- ?(?=\w)|(?<= eigh m) ?- ?(?=\w)", " to "),
    rule(rf"(?P<sign>[€$£]) ?(?P<n>{_NUMBER})(?:\.(?P<c>\d{{1,2}}))?", _amount),
    rule(rf"(?P<n>{_NUMBER})(?:[.,](?P<c>\d{{1,2}}))? ?(?P<unit>[€$£]|euros?\b|EUR\b)", _amount),
    rule(r"(?<!\w)(?P<n>\d{1,4})(?:st|nd|rd|th)(?!\w)", lambda match: ordinal(int(match["n"])), _I),
    rule(r"\b(?:No\.|n°|N°) ?(?=\d)", "number "),
    rule(rf"(?P<n>{_NUMBER})\.(?P<c>\d+)(?![.\d])", _decimal),
    rule(rf"(?<![\w,])-(?={_NUMBER})", "minus "),
    rule(r"(?<!\d)\d{5}(?!\d)", lambda match: digit_by_digit(match[0])),
    rule(rf"(?<!\d)(?:{_NUMBER})", lambda match: number(match[0])),
    rule(r"(?<![\w.])(?:Mr|Mrs|Ms|Dr|Prof|Mme)\b\.?", lambda match: _TITLES[match[0].rstrip(".")]),
    rule(r"(?<![\w.])(?:Me|St)\b\.?(?=[ -][A-ZÀ-Ý])", lambda match: _TITLES[match[0].rstrip(".")]),
    rule(r"(?<![\w.])(?:e\.g\.|i\.e\.|etc\.|tel\.)|(?<![\w.])appt\b", lambda match: _ABBREVIATIONS[match[0].lower()], _I),
    rule(r"(?<!\w)(?:(?:[A-Z]\.){2,}|[A-Z]\.?(?:-[A-Z]\.?)+)(?!\w)", lambda match: _spelled(re.sub(r"\W", "", match[0]))),
    rule(r"(?<![\w’'-])[A-Z]\.(?= [A-Z])", lambda match: match[0][0]),
    rule(r"(?<!\w)[A-Z]{2,}(?!\w)", _acronym),
)

ENGLISH = SpokenGrammar(
    rules=_RULES,
    symbols=MappingProxyType(
        {"%": "percent", "€": "euros", "$": "dollars", "£": "pounds", "&": "and", "+": "plus", "=": "equals", "@": "at",
         "°": "degrees", "#": "hash", "*": "star", "/": " ", "×": "times", "÷": "divided by", "§": "section"}
    ),
    digit=number,
)  # fmt: skip
"""Spoken English; telephone numbers digit by digit in pairs, as the French numbers they are."""
