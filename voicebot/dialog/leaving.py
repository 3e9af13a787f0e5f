"""Out of the queue without having reached a human: what follows is said once it is committed."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from voicebot.core.tickets import Leaving
from voicebot.dialog import closing, contact
from voicebot.dialog.actions import EndReason, LeaveQueue
from voicebot.dialog.answers import yes_no
from voicebot.dialog.failures import HANDOFF_FAILED
from voicebot.dialog.inputs import LeftQueue
from voicebot.dialog.move import Move
from voicebot.dialog.state import MessageForm, Question
from voicebot.dialog.vocabulary import field_named
from voicebot.dialog.waiting import wait
from voicebot.handoff.requests import HandoffReason
from voicebot.nlu.understanding import Understanding

LAST_LEVEL = 3
"""Limit of waiting at which the bot stops waiting for a human."""


def leave(move: Move, how: Leaving, *, ending: EndReason | None = None) -> Move:
    """Ask to be let go; with `ending` the call is over then."""
    hold = move.state.hold
    if hold is None:
        return move
    leaving = move.hold(replace(hold, leaving=how, ending=ending))
    return leaving.await_result(LeaveQueue(how=how, phone=move.state.contact.phone))


def call_back(move: Move) -> Move:
    """The queue keeps a call-back where there is a number to ring; without one a message asks for it."""
    return take_message(move, _call_back_form(move)) if move.state.callable_number is None else leave(move, "callback")


def waited_in_vain(move: Move) -> Move:
    """Nobody has come in time: the bot sees to a call-back itself."""
    return call_back(move.say("hold.sorry"))


def take_message(move: Move, form: MessageForm) -> Move:
    """A message instead; one that was under way goes on."""
    kept, hold = move.state.message or form, move.state.hold
    urgent = kept.urgent or (hold is not None and hold.reason is HandoffReason.URGENT)
    return leave(move.message(replace(kept, urgent=urgent)), "message")


def end(move: Move, ending: EndReason) -> Move:
    """The call is to end: the queue keeps a call-back first, where there is a number to ring."""
    return leave(move, "cut" if move.state.callable_number is None else "callback", ending=ending)


def left(move: Move, event: LeftQueue) -> Move:
    """The queue has let the caller go: what it was left for, or the end of the call."""
    state, hold = move.state, move.state.hold
    if hold is None or hold.human is not None:
        return move
    gone = move.to(replace(state, hold=None, left=event.how)).drop_tasks()
    gone = gone.message(state.message if event.how == "message" else None)
    if event.how == "callback":
        gone = gone.done(replace(state.done, callbacks=state.done.callbacks + 1))
    if state.handoff is not None:
        return gone
    return _after(gone, event.how) if hold.ending is None else _end(gone, hold.ending, event.how)


def not_left(move: Move) -> Move:
    """The queue could not let the caller go: the place is kept, and at the last limit a message is tried instead."""
    state, hold = move.state, move.state.hold
    if hold is None or hold.leaving is None or hold.human is not None:
        return move
    staying = move.hold(replace(hold, leaving=None, ending=None))
    if hold.ending is not None:
        return _end(staying, hold.ending, None)
    if hold.leaving in {"hung_up", "answered"}:
        return closing.goodbye(staying.message(None), EndReason.CALLER_GOODBYE)
    if hold.level < LAST_LEVEL:
        return wait(staying.say("hold.not_left"))
    broken = staying.to(replace(state, hold=None, left="cut", done=replace(state.done, failed=True))).drop_tasks()
    return broken.say(HANDOFF_FAILED).message(state.message or _call_back_form(move)).settle()


def another_number(move: Move, turn: Understanding) -> Move | None:
    """« Non, plutôt au … », said to the number at which the call-back was kept: a message holds the right one."""
    state = move.state
    if state.left != "callback" or state.question is not Question.ANYTHING_ELSE:
        return None
    refuses = yes_no(turn) == "no" and field_named(turn.text, state.language) == "phone"
    if not refuses and not turn.slots.phones:
        return None
    renumbered = move.to(replace(state, left="message")).contact(replace(state.contact, phone=None, own_refused=True))
    return contact.volunteered(renumbered.message(_call_back_form(move)), turn).settle()


def _call_back_form(move: Move) -> MessageForm:
    return MessageForm(intent="callback_request", kind="callback", reason=move.state.reason)


def _after(move: Move, how: Leaving) -> Move:
    match how:
        case "callback":
            return _call_back_kept(move).settle()
        case "message":
            return move.settle()
        case "answered":
            done = move.state.done
            return closing.goodbye(move.done(replace(done, answered=done.answered + 1)), EndReason.CALLER_GOODBYE)
        case "hung_up" | "cut" if move.state.callable_number is not None:
            return move.say("hold.kept").end(EndReason.CALLER_GOODBYE)
        case "hung_up" | "cut":
            return closing.goodbye(move, EndReason.CALLER_GOODBYE)
        case _:
            assert_never(how)


def _call_back_kept(move: Move) -> Move:
    number = move.state.callable_number
    return move if number is None else move.say("hold.callback", phone=number)


def _end(move: Move, ending: EndReason, how: Leaving | None) -> Move:
    """What is kept is said, then why the call ends."""
    if ending is EndReason.STOPPED:
        return closing.stopped(move, kept=how == "callback")
    kept = _call_back_kept(move) if how == "callback" else move
    return kept.say("closing.time_over" if ending is EndReason.TIME_LIMIT else "repair.nobody").end(ending)
