"""Endings: anything else, goodbye, wrong number, solicitors, the maximum duration."""

from __future__ import annotations

from dataclasses import replace

from voicebot.dialog.actions import EndReason, TakeMessage
from voicebot.dialog.answers import yes_no
from voicebot.dialog.move import Move
from voicebot.dialog.state import DialogState, Question
from voicebot.nlu.understanding import Understanding


def anything_else(move: Move) -> Move:
    """The task is done, or there is none yet."""
    done = move.state.done
    if done.booked or done.messages or done.callbacks or done.answered or move.state.reason:
        return move.ask(Question.ANYTHING_ELSE, "closing.anything_else")
    return move.ask(Question.OPEN, "opening.ask")


def wants_more(move: Move, turn: Understanding) -> Move | None:
    """A bare answer to « autre chose ? »; None when the turn says more than that."""
    answer = yes_no(turn)
    if answer is None or turn.intent not in {"yes", "no", "thanks_bye"}:
        return None
    if answer == "no":
        return goodbye(move, EndReason.CALLER_GOODBYE)
    return move.ask(Question.OPEN, "opening.go_on")


def goodbye(move: Move, reason: EndReason) -> Move:
    """Goodbye; a message that was being taken is kept."""
    return _keep_draft(move).say("closing.goodbye").end(reason)


def abandoned(move: Move) -> Move:
    """« Laissez tomber »: neither booked nor passed on."""
    key = "booking.dropped" if move.state.message is None else "message.dropped"
    return move.release().booking(None).message(None).say(key).settle()


def wrong_number(move: Move) -> Move:
    """Tell whose line this is."""
    answered = move.done(replace(move.state.done, answered=move.state.done.answered + 1))
    return answered.say("closing.wrong_number").end(EndReason.BOT_GOODBYE)


def refuse_solicitor(move: Move) -> Move:
    """A polite refusal."""
    return move.done(replace(move.state.done, refused=True)).say("closing.no_solicitors").end(EndReason.REFUSED)


def refuse_blocked(move: Move) -> Move:
    """The calling number is blocked."""
    return move.done(replace(move.state.done, refused=True)).say("closing.blocked").end(EndReason.REFUSED)


def time_limit(move: Move, *, final: bool) -> Move:
    """A warning near the maximum duration, goodbye at its end."""
    if not final:
        return move.say("closing.time_warning")
    return _keep_draft(move).say("closing.time_over").end(EndReason.TIME_LIMIT)


def nobody_hears(move: Move) -> Move:
    """Silence to the end; a message that was being taken is kept."""
    return _keep_draft(move).say("repair.nobody").end(EndReason.SILENCE)


def stopped(move: Move, *, kept: bool) -> Move:
    """The server stops: how to be reached again, or to ring again."""
    number = move.state.contact.phone or move.state.contact.heard or move.state.caller
    told = move.say("closing.kept", phone=number) if kept and number is not None else move.say("closing.call_again")
    return told.end(EndReason.STOPPED)


def unconfirmed_message(state: DialogState) -> TakeMessage | None:
    """The message under way as it stands, marked unsure; None when it holds nothing to act upon."""
    form = state.message
    phone = state.contact.phone or state.contact.heard or state.caller
    if form is None or not form.reason or phone is None:
        return None
    return TakeMessage(
        kind=form.kind,
        person=state.contact.name,
        phone=phone,
        reason=form.reason,
        for_person=form.for_person,
        urgent=form.urgent,
        best_time=form.best_time,
        unsure=("person", "phone"),
    )


def _keep_draft(move: Move) -> Move:
    draft = unconfirmed_message(move.state)
    return move if draft is None else move.do(draft).message(None)
