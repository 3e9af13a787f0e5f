"""What the results of the policy's own actions lead to."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from voicebot.dialog import booking, closing, escalation, holding, leaving, message, proposals
from voicebot.dialog.actions import ReleaseHold
from voicebot.dialog.inputs import (
    ActionFailed,
    Booked,
    HumanRequested,
    Input,
    LeftQueue,
    MessageTaken,
    Result,
    Resumed,
    SlotGone,
    SlotHeld,
    SlotsFound,
)
from voicebot.dialog.move import Move
from voicebot.dialog.state import Hold, Question
from voicebot.handoff.requests import HandoffReason


def resulted(move: Move, event: Result) -> Move:
    """An action is done, or could not be; one that the dialogue has gone past leads to nothing."""
    state = move.state
    booking_waits = state.booking is not None and state.question is Question.RESULT and state.handoff is None
    match event:
        case SlotsFound():
            return proposals.found(move, event) if booking_waits else move
        case SlotHeld():
            return booking.held(move, event) if booking_waits else move.do(ReleaseHold(hold=event.hold))
        case SlotGone():
            return booking.gone(move, event.slot) if booking_waits else move
        case Booked() | MessageTaken() if state.hold is not None:
            return counted(move, event)
        case Booked():
            return booking.booked(move, event.slot)
        case MessageTaken():
            return closing.stopped(message.counted(move), kept=True) if state.stopping else message.taken(move)
        case HumanRequested():
            return _requested(move, event)
        case LeftQueue():
            return leaving.left(move, event)
        case ActionFailed():
            return _failed(move, event)
        case _:
            assert_never(event)


def counted(move: Move, event: Input) -> Move:
    """What the call has come to, also when it is known only once there is nothing more to say."""
    done = move.state.done
    match event:
        case Resumed(result=result) if result is not None:
            return counted(move, result)
        case Booked():
            return move.done(replace(done, booked=done.booked + 1))
        case MessageTaken():
            return message.counted(move)
        case HumanRequested() if event.live:
            reason = move.state.handoff or HandoffReason.ASKED
            return move.hold(Hold(reason=reason, position=event.position, staffed=event.staffed))
        case HumanRequested():
            return move.done(replace(done, handed_off=True))
        case LeftQueue():
            return move.hold(None)
        case _:
            return move


def _requested(move: Move, event: HumanRequested) -> Move:
    state = move.state
    if state.handoff is None and state.hold is None:
        return move
    return holding.begin(move, event) if event.live or state.hold is not None else escalation.requested(move)


def _failed(move: Move, event: ActionFailed) -> Move:
    state = move.state
    if state.stopping:
        return closing.stopped(move, kept=False)
    match event.action:
        case "request_human" if state.handoff is None:
            return move
        case "request_human":
            return escalation.request_failed(move) if state.hold is None else holding.not_renewed(move)
        case "leave_queue":
            return leaving.not_left(move)
        case _ if state.handoff is not None or state.hold is not None or state.question is not Question.RESULT:
            return move
        case "take_message":
            return message.failed(move)
        case _:
            return booking.failed(move)
