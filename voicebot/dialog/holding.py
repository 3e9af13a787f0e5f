"""A caller in the queue, as the queue tells it: a place, limits of waiting, a human who comes, is there and goes.

request committed -> on hold <-> choice (call-back, message, go on waiting) -> leaving (`leaving`)
on hold | choice -> a human is coming -> with a human -> ended | given back | lost (on hold again)
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, assert_never

from voicebot.dialog.actions import EndReason
from voicebot.dialog.inputs import HumanRequested
from voicebot.dialog.leaving import LAST_LEVEL, waited_in_vain
from voicebot.dialog.move import Move
from voicebot.dialog.state import Hold, Question
from voicebot.dialog.waiting import nobody, tell_place, wait
from voicebot.handoff.events import HandoffEvent, HumanComing, HumanConnected, HumanLeft, PlaceChanged, Waited
from voicebot.handoff.requests import HandoffReason


def begin(move: Move, event: HumanRequested) -> Move:
    """The ticket is committed and the caller stays on the line: the place, or at once that nobody is there."""
    state, before = move.state, move.state.hold
    reason = state.handoff or (before.reason if before else HandoffReason.ASKED)
    hold = before or Hold(reason=reason, position=event.position, staffed=event.staffed)
    hold = replace(hold, reason=reason, position=event.position, estimate_s=event.estimate_s, staffed=event.staffed)
    begun = move.to(replace(state, hold=hold, handoff=None))
    if hold.human is not None or hold.leaving is not None:
        return begun
    if hold.coming is not None:
        return wait(begun)
    if hold.level == LAST_LEVEL:
        return waited_in_vain(begun)
    if not event.staffed:
        return nobody(begun)
    return tell_place(wait(_announced(begun, before)))


def _announced(move: Move, before: Hold | None) -> Move:
    hold = move.state.hold
    if before is None:
        return move if move.state.times_said("handoff.returning") else move.say("handoff.waiting")
    return move.say("hold.priority") if hold is not None and hold.reason is not before.reason else move


def not_renewed(move: Move) -> Move:
    """The ticket could not be renewed, but is still there."""
    urgent = move.state.handoff is HandoffReason.URGENT
    told = move.say("safety.unreachable", protected=True) if urgent else move
    return wait(told.to(replace(told.state, handoff=None)))


def happened(move: Move, event: HandoffEvent) -> Move:
    """News from the queue; what does not fit where the call stands is not for the caller."""
    hold = move.state.hold
    if isinstance(event, HumanConnected):
        return _connected(move, event.name)
    if hold is None:
        return move
    if isinstance(event, HumanLeft):
        return _human_left(move, hold, event.how)
    if hold.human is not None:
        return move
    match event:
        case PlaceChanged():
            return _place_changed(move, hold, event)
        case Waited():
            return _waited(move, hold, event.level)
        case HumanComing():
            coming = move.hold(replace(hold, coming=event.name))
            return coming if _busy(coming) else wait(coming.say("handoff.connecting", name=event.name))
        case _:
            assert_never(event)


def _busy(move: Move) -> bool:
    """Whether the result of an action decides what comes next."""
    hold = move.state.hold
    return move.state.handoff is not None or (hold is not None and hold.leaving is not None)


def _place_changed(move: Move, hold: Hold, event: PlaceChanged) -> Move:
    new = replace(hold, position=event.position, estimate_s=event.estimate_s, staffed=event.staffed, moved=True, coming=None)
    moved = move.hold(new)
    if _busy(moved):
        return moved
    if hold.coming is not None:
        return _not_come(moved, new)
    if not event.staffed:
        return nobody(moved) if hold.staffed else moved
    if not hold.staffed:
        return tell_place(wait(moved.say("hold.staffed")))
    return tell_place(moved) if hold.moved and event.position < hold.told else moved


def _waited(move: Move, hold: Hold, level: Literal[1, 2, 3]) -> Move:
    if level <= hold.level:
        return move
    reached = move.hold(replace(hold, level=level))
    if hold.coming is not None or _busy(reached):
        return reached
    if level == LAST_LEVEL:
        return waited_in_vain(reached)
    return reached.ask(Question.HOLD_CHOICE, "handoff.choice") if hold.staffed else nobody(reached)


def _connected(move: Move, name: str) -> Move:
    """From here on the bot is mute, and what it had under way is the human's."""
    state = move.state
    before = state.hold or Hold(reason=HandoffReason.ASKED, position=1, staffed=True)
    hold = replace(before, coming=None, human=name, leaving=None, ending=None)
    done = replace(state.done, handed_off=True)
    return wait(move.to(replace(state, hold=hold, handoff=None, done=done)).drop_tasks())


def _human_left(move: Move, hold: Hold, how: Literal["ended", "given_back", "lost"]) -> Move:
    state = move.state
    match how:
        case "ended":
            over = replace(state, hold=None, handoff=None, done=replace(state.done, handed_off=True))
            return move.to(over).end(EndReason.HANDED_OFF)
        case "given_back":
            back = move.to(replace(state, hold=None, handoff=None, total_failures=0)).drop_tasks()
            return back.say("handoff.given_back").ask(Question.ANYTHING_ELSE, "closing.anything_else")
        case "lost":
            return _lost(move, hold)
        case _:
            assert_never(how)


def _lost(move: Move, hold: Hold) -> Move:
    if hold.human is None and hold.coming is None:
        return move
    waiting = replace(hold, human=None, coming=None)
    again = move.hold(waiting)
    if _busy(again):
        return again
    if hold.human is None or hold.level == LAST_LEVEL:
        return _not_come(again, waiting)
    return wait(again.say("handoff.lost"))


def _not_come(move: Move, hold: Hold) -> Move:
    """She who had accepted is not there: the caller waits on, unless the wait is over."""
    if hold.level == LAST_LEVEL:
        return waited_in_vain(move)
    told = wait(move.say("hold.not_come"))
    return told if hold.staffed else nobody(told)
