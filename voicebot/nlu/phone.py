"""Telephone numbers as dictated: every reading that is a valid number."""

from __future__ import annotations

import phonenumbers

from voicebot.nlu.phone_lattice import readings_of
from voicebot.nlu.phone_runs import Run, find_runs
from voicebot.nlu.slots import PhoneNumbers

MAX_NATIONAL_DIGITS = 10


def read_phones(text: str, region: str = "FR", *, asked: bool = False) -> tuple[PhoneNumbers, ...]:
    """Every number dictated in `text`, each with all its valid readings, most likely first.

    A run of number words that cannot be read whole as one or more valid numbers gives nothing.

    Args:
        text: What was said, as a recogniser writes it.
        region: Country whose national form is understood without a prefix (ISO 3166, two letters).
        asked: Whether a number was just asked for: one whose leading zero was not heard is then accepted.
    """
    found: list[PhoneNumbers] = []
    for run in find_runs(text):
        for phone in _phones_of(run, region, asked=asked):
            if phone not in found:
                found.append(phone)
    return tuple(found)


def digits_heard(text: str) -> int:
    """Number of digits in the longest dictation of `text`, by the shortest way of reading it; 0 when there is none.

    « soixante dix huit » may be 60 18: only the shortest reading tells that nothing is missing.
    """
    counts = [min(map(len, strings)) for run in find_runs(text) if (strings := readings_of(run, 40))]
    return max(counts, default=0)


def _phones_of(run: Run, region: str, *, asked: bool) -> list[PhoneNumbers]:
    whole = _valid(run, region)
    if whole:
        return [PhoneNumbers(readings=whole)]
    if not run.foreign and (asked or run.pairs_without_zero):
        completed = _valid(run, region, prefix="0")
        if completed:
            return [PhoneNumbers(readings=completed)]
    for left, right in run.halves():
        first, second = _phones_of(left, region, asked=False), _phones_of(right, region, asked=False)
        if first and second:
            return [*first, *second]
    return []


def _valid(run: Run, region: str, prefix: str = "") -> tuple[str, ...]:
    kept: list[str] = []
    for digits in readings_of(run, 15):
        number = _e164(prefix + digits, region, foreign=run.foreign)
        if number and number not in kept:
            kept.append(number)
    return tuple(kept)


def _e164(digits: str, region: str, *, foreign: bool) -> str | None:
    written = "+" + digits if foreign else "+" + digits[2:] if digits.startswith("00") else digits
    if not written.startswith("+") and region == "FR" and (len(digits) != MAX_NATIONAL_DIGITS or digits[0] != "0"):
        return None
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
