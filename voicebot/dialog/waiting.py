"""What a caller who waits for a human is told: the place, the wait, that nobody is there."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from voicebot.dialog.expecting import expectation
from voicebot.dialog.move import Move
from voicebot.dialog.state import Question
from voicebot.handoff.requests import HandoffReason

_WORTH_TELLING_S = 60.0
"""An expected wait up to this long is not told."""


def wait(move: Move) -> Move:
    """Nothing stands open but the wait."""
    state = replace(move.state, question=Question.ON_HOLD, asked=None, options=(), failures=0)
    return move.to(replace(state, expectation=expectation(Question.ON_HOLD, move.consignes, state.language)))


def wait_on(move: Move) -> Move:
    """The caller goes on waiting."""
    return wait(move.say("hold.wait_on"))


def tell_place(move: Move) -> Move:
    """How many are before this caller, and the wait when it is a long one."""
    hold = move.state.hold
    if hold is None:
        return move
    ahead = hold.position - 1
    if ahead <= 0:
        told = move.say("hold.next")
    else:
        told = move.say("hold.one_ahead") if ahead == 1 else move.say("hold.ahead", ahead=ahead)
    if hold.estimate_s is not None and hold.estimate_s > _WORTH_TELLING_S:
        told = told.say("hold.estimate", minutes=ceil(hold.estimate_s / 60))
    return told.hold(replace(hold, told=hold.position))


def nobody(move: Move) -> Move:
    """Nobody is logged in: said first and briefly, then a call-back or a message instead."""
    told = move.say("handoff.nobody")
    hold = told.state.hold
    if hold is not None and hold.reason is HandoffReason.URGENT and not told.state.times_said("safety.nobody"):
        told = told.say("safety.nobody", protected=True)
    return told.ask(Question.HOLD_CHOICE, "handoff.offer")
