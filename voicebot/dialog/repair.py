"""What goes wrong between two people on the phone: not understood, not heard, silence, « pardon ? »."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from voicebot.dialog.actions import EndReason
from voicebot.dialog.closing import goodbye, nobody_hears
from voicebot.dialog.escalation import give_up, reason_given
from voicebot.dialog.failures import HEARING_FAILED
from voicebot.dialog.move import Move
from voicebot.dialog.state import Question

MOST_FAILURES = 3
"""Failures on one question at which a human takes over."""
MOST_IN_ALL = 7
"""Failures in one call at which a human takes over."""
_OPEN = (Question.OPEN, Question.ANYTHING_ELSE, Question.MENU)


def not_understood(move: Move) -> Move:
    """Ask again in other words; then a short menu where the question was open; the third time a human."""
    counted = move.failed_once()
    state = counted.state
    if _exhausted(counted):
        return give_up(counted)
    if state.question is Question.HELP:
        return give_up(counted)
    if state.question in _OPEN and state.failures == MOST_FAILURES - 1:
        menu = counted.ask(Question.MENU, "repair.menu")
        return menu.to(replace(menu.state, failures=state.failures))
    if state.question is Question.NAME and state.failures == MOST_FAILURES - 1:
        spelling = counted.ask(Question.SPELLING, "contact.spell")
        return spelling.to(replace(spelling.state, failures=state.failures))
    if state.question is Question.OPEN:
        return counted.ask(Question.OPEN, "repair.open")
    return counted.say("repair.sorry").ask_again()


def _exhausted(move: Move) -> bool:
    return move.state.failures >= MOST_FAILURES or move.state.total_failures >= MOST_IN_ALL


def repeat(move: Move) -> Move:
    """Say the last turn again, word for word, without its apology."""
    for said in move.state.last_said:
        move = move if said.key == "repair.sorry" else move.do(said)
    return move


def silent(move: Move, level: Literal[1, 2, 3]) -> Move:
    """Two different prompts; then a human when there is something to hand over, otherwise goodbye."""
    state = move.state
    if state.question is Question.HUMAN_REASON:
        return reason_given(move, None)
    if state.question is Question.ANYTHING_ELSE and level > 1:
        return goodbye(move, EndReason.BOT_GOODBYE)
    counted = move.to(replace(state, total_failures=state.total_failures + 1))
    if level == 3 or counted.state.total_failures >= MOST_IN_ALL:
        return _nobody(counted)
    prompted = counted.say("repair.silence" if level == 1 else "repair.silence_again")
    return prompted.ask_again()


def _nobody(move: Move) -> Move:
    state = move.state
    if state.left is None and (state.reason or state.contact.name or state.booking or state.message):
        return give_up(move)
    return nobody_hears(move)


def too_long(move: Move) -> Move:
    """A polite cut, then the open question."""
    counted = move.to(replace(move.state, total_failures=move.state.total_failures + 1))
    if counted.state.total_failures >= MOST_IN_ALL:
        return give_up(counted)
    return counted.say("repair.too_long").ask_again()


def hearing_failed(move: Move) -> Move:
    """Apologise and offer the keypad; the second time a human."""
    state = move.state
    if state.question is Question.HUMAN_REASON:
        return reason_given(move, None)
    if state.hearing_failures or state.total_failures + 1 >= MOST_IN_ALL:
        return give_up(move)
    counted = replace(state, hearing_failures=1, total_failures=state.total_failures + 1, keypad=True)
    return move.to(counted).say(HEARING_FAILED)
