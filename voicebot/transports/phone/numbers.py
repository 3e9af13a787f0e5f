"""Telephone numbers as people and addresses write them."""

from __future__ import annotations

import phonenumbers

MAX_CHARACTERS = 40
FRANCE = 33


def e164(text: str) -> str | None:
    """The number as E.164, national numbers being French; None when it is none.

    A plus sign that a query string lost (`?line=+33...` reads as a space) is put back.
    """
    if len(text) > MAX_CHARACTERS:
        return None
    written = f"+{text[1:]}" if text.startswith(" ") else text
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def readable(number: str) -> str:
    """An E.164 number in groups: 01 99 00 10 01 when it is French, +44 20 7946 0000 when it is not."""
    parsed = phonenumbers.parse(number, None)
    form = phonenumbers.PhoneNumberFormat
    return str(phonenumbers.format_number(parsed, form.NATIONAL if parsed.country_code == FRANCE else form.INTERNATIONAL))
