"""What comes from outside the call: a secretary's hint, a cut that is mended, a server that stops."""

from __future__ import annotations

from dataclasses import replace

from voicebot.dialog import closing, escalation, leaving
from voicebot.dialog.actions import EndReason
from voicebot.dialog.inputs import Resumed
from voicebot.dialog.move import Move
from voicebot.dialog.opening import notice
from voicebot.dialog.results import resulted
from voicebot.dialog.state import DialogState, MessageForm, Question
from voicebot.dialog.summary import describe_booking
from voicebot.dialog.waiting import nobody, wait


def hinted(move: Move, text: str) -> Move:
    """Say what a secretary types, then the open question again; who talks to the caller needs no bot for it."""
    state = move.state
    if state.with_human or state.stopping:
        return move
    said = move.say("client.text", text=text)
    return said.ask_again()


def resumed(move: Move, event: Resumed) -> Move:
    """The caller is there again: on with the wait, with what an action had led to, or with the open question."""
    state = replace(move.state, now=event.now, stopping=False)
    back = move.to(state)
    back = (back if event.noticed else notice(back)).say("opening.resumed")
    if event.result is not None:
        return resulted(back, event.result)
    hold = state.hold
    if hold is not None:
        waiting = back.hold(replace(hold, human=None, coming=None, leaving=None, ending=None))
        waiting = waiting.to(replace(waiting.state, handoff=None))
        return wait(waiting.say("hold.kept_place")) if hold.staffed else nobody(waiting)
    if state.handoff is not None:
        return escalation.request(back, state.handoff)
    return back.settle() if state.asked is None else back.ask_again()


def stopping(move: Move) -> Move:
    """Say so at once, keep what was under way where there is a number to ring, and end."""
    state = move.state
    if state.stopping:
        return move
    told = move.say("closing.stopping")
    if state.with_human or state.question is Question.RESULT:
        return told.say("closing.call_again").end(EndReason.STOPPED)
    if state.hold is not None:
        return leaving.end(told, EndReason.STOPPED)
    draft = closing.unconfirmed_message(replace(state, message=_under_way(move)))
    if draft is None:
        return told.say("closing.call_again").end(EndReason.STOPPED)
    keeping = told.drop_tasks()
    return keeping.to(replace(keeping.state, stopping=True)).await_result(draft)


def _under_way(move: Move) -> MessageForm | None:
    """What the caller has come for and did not get yet, as something to pass on."""
    state = move.state
    if state.message is not None and state.message.reason:
        return state.message
    form = state.booking
    if form is not None:
        asked = describe_booking(form, move.consignes)
        reason = f"{form.note} ({asked})" if form.note else asked
        return MessageForm(intent="book_appointment", kind="request", reason=reason)
    if state.reason and not _served(state):
        return MessageForm(intent="callback_request", kind="callback", reason=state.reason)
    return None


def _served(state: DialogState) -> bool:
    done = state.done
    return bool(done.booked or done.messages or done.callbacks or done.answered or done.handed_off)
