"""The answer to a read-back, and corrections: « non, jeudi pas mardi », « c'est Martin avec un d »."""

from __future__ import annotations

from dataclasses import replace

from voicebot.dialog import booking, contact, message, proposals
from voicebot.dialog.answers import yes_no
from voicebot.dialog.move import Move
from voicebot.dialog.state import Contact, Question
from voicebot.dialog.vocabulary import Field, field_named
from voicebot.nlu.understanding import Understanding


def answered(move: Move, turn: Understanding) -> Move | None:
    """Accepted, corrected, or refused without saying what is wrong."""
    answer = yes_no(turn)
    if answer == "yes":
        return message.confirmed(move) if move.state.message is not None else booking.confirmed(move)
    if _same_name(move, turn) and answer == "no":
        return move.ask(Question.SPELLING, "contact.spell")
    fixed = corrected(move, turn)
    if fixed is not None:
        return fixed
    if answer != "no":
        return None
    field = field_named(turn.text, move.state.language)
    if field is not None:
        return _ask_anew(move, field)
    counted = move.failed_once()
    return counted.ask(Question.FIX, "recap.what_is_wrong" if move.state.message is None else "recap.what_is_wrong_message")


def what_is_wrong(move: Move, turn: Understanding) -> Move | None:
    """The field that is named, or its right value at once."""
    fixed = corrected(move, turn)
    if fixed is not None:
        return fixed
    field = field_named(turn.text, move.state.language)
    if field is not None:
        return _ask_anew(move, field)
    return move.settle() if yes_no(turn) == "no" and turn.intent == "no" else None


def corrected(move: Move, turn: Understanding) -> Move | None:
    """Take the values that the caller says instead; None when there are none."""
    slots = turn.slots
    if slots.phones:
        return contact.phone(move, turn)
    changed = move
    named = contact.with_name(move.state.contact, turn)
    if named is not None:
        changed = changed.contact(named)
    wishes = move.state.booking is not None and move.state.message is None and bool(slots.datetimes)
    if wishes:
        changed = proposals.wished(changed, slots.datetimes)
    return changed.settle() if named is not None or wishes else None


def changes_slot(move: Move, turn: Understanding) -> bool:
    """Whether another day or hour is said while details of a booking are taken."""
    return move.state.booking is not None and move.state.message is None and bool(turn.slots.datetimes)


def _same_name(move: Move, turn: Understanding) -> bool:
    """« Non, c'est Martin avec un d »: only letters can tell."""
    slots = turn.slots
    return slots.person is not None and slots.person == move.state.contact.name and not (slots.spelled or slots.datetimes)


def _ask_anew(move: Move, field: Field) -> Move:
    known = move.state.contact
    match field:
        case "name":
            return move.ask(Question.SPELLING, "contact.spell")
        case "phone":
            return move.contact(Contact(name=known.name, own_refused=True)).ask(Question.PHONE, "contact.phone")
        case "reason" if move.state.message is not None:
            return move.message(replace(move.state.message, reason="")).settle()
        case "slot" if move.state.booking is not None and move.state.message is None:
            return _another_slot(move)
        case _:
            return move.failed_once().ask_again()


def _another_slot(move: Move) -> Move:
    released = move.release()
    form = released.state.booking
    if form is None:
        return released.settle()
    return released.booking(replace(form, slot=None, hold=None, wish=None, proposals=(), refused=())).settle()
