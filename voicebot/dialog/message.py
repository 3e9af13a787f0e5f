"""A message, a call-back or a request: for whom, what about, from whom; read back before it is stored."""

from __future__ import annotations

from dataclasses import replace

from voicebot.dialog import contact
from voicebot.dialog.actions import SayValue, TakeMessage
from voicebot.dialog.answers import yes_no
from voicebot.dialog.escalation import request
from voicebot.dialog.failures import MESSAGE_FAILED
from voicebot.dialog.move import Move
from voicebot.dialog.state import MessageForm, MessageKind, Question
from voicebot.dialog.summary import describe_wish
from voicebot.dialog.vocabulary import field_named, holds_reason, is_plain
from voicebot.handoff.requests import HandoffReason
from voicebot.nlu.understanding import Understanding

MOST_WORDS_READ_BACK = 25
"""Longer reasons are kept word for word, and not read back."""
REQUESTS = ("reschedule", "cancel", "confirm_appointment")
"""Intents about an existing appointment: passed on, unconfirmed; nothing of the agenda is disclosed."""
INTENTS = (
    "leave_message",
    "callback_request",
    "complaint",
    "job_application",
    "supplier_delivery",
    "invoice_payment",
    "solicitation",
    *REQUESTS,
)
_KINDS: dict[str, MessageKind] = {"callback_request": "callback", **dict.fromkeys(REQUESTS, "request")}


def start(move: Move, intent: str, turn: Understanding) -> Move:
    """Begin with everything that the caller has said already."""
    form = MessageForm(
        intent=intent,
        kind=_KINDS.get(intent, "message"),
        for_person=turn.person_asked,
        reason=turn.text if _says_enough(move, intent, turn) else "",
        request=turn.text if intent in REQUESTS else "",
        best_time=_best_time(turn) if intent == "callback_request" else None,
    )
    begun = contact.volunteered(move.message(form), turn)
    if intent in REQUESTS:
        begun = begun.say("request.unconfirmed")
    return begun.settle()


def next_step(move: Move) -> Move:
    """Ask for what is missing, then read back."""
    form = _form(move)
    if not form.reason:
        asked = "callback.reason" if form.kind == "callback" else "message.reason"
        key = f"message.reason_{form.intent}" if form.intent in REQUESTS else asked
        return move.ask(Question.REASON, key)
    return contact.next_question(move) or _recap(move, form)


def reason_said(move: Move, turn: Understanding) -> Move | None:
    """Whatever is said is the reason, word for word."""
    if not turn.text.strip() or turn.intent == "noise":
        return None
    if turn.intent in {"yes", "no"} and not holds_reason(turn.text, move.state.language):
        return move.message(None).settle() if yes_no(turn) == "no" else None
    form = _form(move)
    if form.for_person is None and turn.person_asked is not None and is_plain(turn.text, move.state.language, _firm(move)):
        return move.message(replace(form, for_person=turn.person_asked)).settle()
    best_time = form.best_time or (_best_time(turn) if form.kind == "callback" else None)
    reason = " : ".join(part for part in (form.request.strip(), turn.text.strip()) if part)
    kept = replace(form, reason=reason, best_time=best_time, for_person=form.for_person or turn.person_asked)
    return move.message(kept).settle()


def added(move: Move, turn: Understanding) -> Move:
    """The caller goes on with what is to be passed on."""
    form = _form(move)
    reason = f"{form.reason.rstrip(' .')}. {turn.text.strip()}" if form.reason else turn.text.strip()
    return move.message(replace(form, reason=reason, for_person=form.for_person or turn.person_asked)).say("message.added")


def confirmed(move: Move) -> Move:
    """The read-back was accepted: store it."""
    form, known = _form(move), move.state.contact
    return move.await_result(
        TakeMessage(
            kind=form.kind,
            person=known.name,
            phone=known.phone,
            reason=form.reason,
            for_person=form.for_person,
            urgent=form.urgent,
            best_time=form.best_time,
            unsure=() if known.name else ("person",),
        )
    )


def taken(move: Move) -> Move:
    """The row is committed: say so."""
    form = move.state.message
    told = move.say(f"{form.kind if form and form.kind != 'lead' else 'message'}.taken")
    return counted(told).message(None).settle()


def help_chosen(move: Move, turn: Understanding) -> Move | None:
    """The answer to « un message, ou une secrétaire ? » when it is the message, or neither."""
    if turn.has("leave_message") or field_named(turn.text, move.state.language) == "reason" or yes_no(turn) == "yes":
        return from_help(move)
    return move.settle() if yes_no(turn) == "no" else None


def from_help(move: Move) -> Move:
    """A request about what could not be settled."""
    form = MessageForm(intent="leave_message", kind="request", reason=move.state.reason)
    return move.release().booking(None).message(form).settle()


def failed(move: Move) -> Move:
    """Nothing could be stored: say so, a human takes over."""
    broken = move.done(replace(move.state.done, failed=True))
    return request(broken.say(MESSAGE_FAILED), HandoffReason.FAILED)


def counted(move: Move) -> Move:
    """One more message was stored."""
    return move.done(replace(move.state.done, messages=move.state.done.messages + 1))


def _form(move: Move) -> MessageForm:
    return move.state.message or MessageForm(intent="leave_message")


def _says_enough(move: Move, intent: str, turn: Understanding) -> bool:
    if intent in REQUESTS:
        return bool(turn.slots.datetimes)
    if intent not in {"leave_message", "callback_request"}:
        return bool(turn.text.strip())
    names = (*_firm(move), turn.slots.person) if turn.slots.person else _firm(move)
    return holds_reason(turn.text, move.state.language, names)


def _firm(move: Move) -> tuple[str, ...]:
    return tuple(name for person in move.consignes.people for name in (person.name, *person.aliases))


def _best_time(turn: Understanding) -> str | None:
    readings = turn.slots.datetimes
    return (describe_wish(readings[0]) or None) if len(readings) == 1 else None


def _recap(move: Move, form: MessageForm) -> Move:
    known = move.state.contact
    short = len(form.reason.split()) <= MOST_WORDS_READ_BACK and not form.by_keys
    optional: dict[str, SayValue | None] = {
        "person": known.name,
        "phone": known.phone,
        "whom": move.consignes.person(form.for_person).name if form.for_person else None,
        "reason": form.reason.rstrip(" .!?") if short else None,
    }
    key = "request.recap" if form.kind == "request" else "message.recap"
    return move.ask_with(Question.RECAP, key, {name: value for name, value in optional.items() if value is not None})
