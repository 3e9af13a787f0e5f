"""Keys pressed: 0 a person, # goodbye, * repeat, 1 and 2 for yes, no and choices, digits of a number."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from voicebot.dialog import booking, contact, message, proposals, questions, recap, repair
from voicebot.dialog.actions import EndReason
from voicebot.dialog.answers import pressed
from voicebot.dialog.closing import goodbye, wants_more
from voicebot.dialog.escalation import request, whether_urgent
from voicebot.dialog.intents import confirm_answered
from voicebot.dialog.move import Move
from voicebot.dialog.state import BookingForm, MessageForm, Question
from voicebot.handoff.requests import HandoffReason

_DICTATING = (Question.PHONE, Question.DIGITS)
_YES_NO = {
    Question.CONFIRM: confirm_answered,
    Question.OFFER_MESSAGE: questions.offer_taken,
    Question.OWN_NUMBER: contact.own_number,
    Question.PHONE_CHECK: contact.check_phone,
    Question.RECAP: recap.answered,
    Question.ANYTHING_ELSE: wants_more,
}
_VOICELESS_REASON = "Rappel demandé au clavier : la parole n'a pas pu être comprise."


def keys(move: Move, pressed_keys: str) -> Move:
    """What the keys mean where the dialogue stands."""
    if move.state.question in _DICTATING:
        if (move.state.contact.keyed + pressed_keys).rstrip("#") == "0" and pressed_keys.endswith("#"):
            return request(move, HandoffReason.ASKED)
        return contact.keyed(move, pressed_keys)
    if move.state.question is Question.OWN_NUMBER and len(pressed_keys) > 1:
        refused = replace(move.state.contact, own_refused=True)
        return contact.keyed(move.contact(refused).ask(Question.PHONE, "contact.phone"), pressed_keys)
    if "0" in pressed_keys:
        return request(move, HandoffReason.ASKED)
    if "*" in pressed_keys:
        return repair.repeat(move)
    if "#" in pressed_keys:
        return goodbye(move, EndReason.CALLER_GOODBYE)
    return _choice(move, int(pressed_keys[-1])) if pressed_keys[-1:].isdigit() else move


def waits_for_zero(move: Move) -> bool:
    """Whether a lone 0 was pressed where a number is dictated, and nothing after it."""
    return move.state.question in _DICTATING and move.state.contact.keyed == "0"


def _choice(move: Move, digit: int) -> Move:
    state = move.state
    if state.keypad and digit == 1:
        return _voiceless(move)
    chosen = _listed(move, digit)
    if chosen is None and digit in {1, 2}:
        chosen = _yes_no(move, "yes" if digit == 1 else "no")
    return repair.not_understood(move) if chosen is None else chosen


def _voiceless(move: Move) -> Move:
    """A call-back that the keypad alone can complete."""
    form = MessageForm(intent="callback_request", kind="callback", reason=move.state.reason or _VOICELESS_REASON, by_keys=True)
    used = move.to(replace(move.state, keypad=False))
    return used.release().booking(None).message(form).settle()


def _listed(move: Move, digit: int) -> Move | None:
    match move.state.question:
        case Question.PROPOSAL:
            return proposals.pick(move, digit - 1)
        case Question.READING:
            return proposals.choose_reading(move, digit - 1)
        case Question.ACT | Question.PRICE_ACT as question:
            acts = booking.listed_acts(move) if question is Question.ACT else questions.priced(move)
            if not 1 <= digit <= len(acts):
                return None
            act = acts[digit - 1].id
            return booking.chosen_act(move, act, None) if question is Question.ACT else questions.tell_price(move, act)
        case Question.MENU if digit == 1:
            return move.booking(BookingForm()).settle() if booking.offered(move) else None
        case Question.MENU if digit == 2:
            return move.message(MessageForm(intent="leave_message")).settle()
        case Question.HELP if digit == 1:
            return message.from_help(move)
        case _:
            return None


def _yes_no(move: Move, answer: Literal["yes", "no"]) -> Move | None:
    question = move.state.question
    if question is Question.URGENT:
        return whether_urgent(move, pressed(answer))
    if question is Question.PROPOSAL:
        return proposals.picked(move, pressed(answer))
    handler = _YES_NO.get(question)
    return handler(move, pressed(answer)) if handler else None
