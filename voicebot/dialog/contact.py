"""Who calls and under which number: asked, spelled, read back, corrected."""

from __future__ import annotations

from dataclasses import replace

from voicebot.dialog.answers import yes_no
from voicebot.dialog.move import Move
from voicebot.dialog.state import Contact, Question
from voicebot.dialog.vocabulary import has_no_phone
from voicebot.nlu.understanding import Understanding


def next_question(move: Move) -> Move | None:
    """Ask for what is missing; None when the caller is known."""
    contact = move.state.contact
    voiceless = move.state.message is not None and move.state.message.by_keys
    if contact.name is None and not voiceless:
        return move.ask(Question.NAME, "contact.name")
    if contact.phone is not None or contact.declined:
        return None
    if contact.heard is not None:
        return move.ask(Question.PHONE_CHECK, "contact.check_phone", phone=contact.heard)
    if move.state.caller is not None and not contact.own_refused:
        return move.ask(Question.OWN_NUMBER, "contact.own_number", phone=move.state.caller)
    return move.ask(Question.PHONE, "contact.phone")


def name(move: Move, turn: Understanding) -> Move | None:
    """The answer to « à quel nom ? » or to « pouvez-vous l'épeler ? »."""
    named = with_name(move.state.contact, turn)
    return None if named is None else move.contact(named).settle()


def with_name(contact: Contact, turn: Understanding) -> Contact | None:
    """The contact with the name that was said or spelled; None when there is none.

    A spelled word replaces the last name only, once a full name is known.
    """
    if turn.slots.spelled is not None:
        spelled = turn.slots.spelled.title()
        said = (turn.slots.person or contact.name or "").split()
        return replace(contact, name=" ".join([*said[:-1], spelled]))
    if turn.slots.person is not None:
        return replace(contact, name=turn.slots.person)
    return None


def volunteered(move: Move, turn: Understanding) -> Move:
    """With the name and the number that were said before they were asked for; the number is read back in its turn."""
    named = with_name(move.state.contact, turn) or move.state.contact
    phones = turn.slots.phones
    if len(phones) != 1 or len(phones[0].readings) != 1 or named.phone is not None:
        return move.contact(named)
    number = phones[0].readings[0]
    if number == move.state.caller:
        return move.contact(replace(named, phone=number))
    return move.contact(replace(named, heard=number, own_refused=True))


def own_number(move: Move, turn: Understanding) -> Move | None:
    """Whether the calling number may be noted; a dictated one is taken instead."""
    if turn.slots.phones:
        return phone(move, turn)
    answer = yes_no(turn)
    contact = move.state.contact
    if answer == "yes":
        return move.contact(replace(contact, phone=move.state.caller)).settle()
    if answer == "no":
        return move.contact(replace(contact, own_refused=True)).settle()
    return None


def phone(move: Move, turn: Understanding) -> Move | None:
    """A dictated number: one reading is read back, several lead to digit by digit or the keypad."""
    contact = move.state.contact
    if not turn.slots.phones:
        if yes_no(turn) == "no" or has_no_phone(turn.text):
            return move.contact(replace(contact, declined=True)).settle()
        return None
    readings = turn.slots.phones[-1].readings
    if len(readings) == 1:
        return heard(move, readings[0])
    if move.state.question is Question.DIGITS:
        return None
    refused = move.failed_once().contact(replace(contact, heard=None, own_refused=True))
    return refused.ask(Question.DIGITS, "contact.digits")


def heard(move: Move, number: str) -> Move:
    """A number that is to be read back; the caller's own needs no check."""
    contact = replace(move.state.contact, keyed="", own_refused=True)
    if number == move.state.caller:
        return move.contact(replace(contact, phone=number, heard=None)).settle()
    return move.contact(replace(contact, phone=None, heard=number)).settle()


def check_phone(move: Move, turn: Understanding) -> Move | None:
    """The answer to the number read back."""
    contact = move.state.contact
    if turn.slots.phones:
        return phone(move, turn)
    answer = yes_no(turn)
    if answer == "yes":
        return move.contact(replace(contact, phone=contact.heard, heard=None)).settle()
    if answer == "no":
        wrong = move.failed_once().contact(replace(contact, heard=None))
        return wrong.ask(Question.DIGITS, "contact.digits")
    return None


def keyed(move: Move, keys: str) -> Move:
    """Digits pressed: taken once they make a French number, or at #."""
    digits = move.state.contact.keyed + "".join(key for key in keys if key.isdigit())
    kept = move.contact(replace(move.state.contact, keyed=digits))
    number = _number(digits, finished="#" in keys)
    if number is not None:
        return heard(kept, number)
    if "#" in keys or len(digits) > 15 or (digits.startswith("0") and not digits.startswith("00") and len(digits) > 10):
        emptied = kept.contact(replace(kept.state.contact, keyed=""))
        return emptied.failed_once().ask(Question.DIGITS, "contact.digits")
    return kept


def _number(digits: str, *, finished: bool) -> str | None:
    """E.164 of a keyed number: ten digits from 01 to 09, or 00 and a country code closed by #."""
    if len(digits) == 10 and digits[0] == "0" and digits[1] != "0":
        return "+33" + digits[1:]
    if finished and digits.startswith("00") and 10 <= len(digits) <= 17:
        return "+" + digits[2:]
    return None
