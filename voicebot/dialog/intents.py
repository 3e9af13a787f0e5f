"""From intents to behaviours: answers first, then the task; the doubtful ones are put to the caller."""

from __future__ import annotations

from dataclasses import replace

from voicebot.dialog import booking, closing, message, questions
from voicebot.dialog.actions import EndReason
from voicebot.dialog.answers import ACT_AT, ALSO_AT, CONFIRM_AT, beyond, is_clear, yes_no
from voicebot.dialog.move import Move
from voicebot.dialog.state import Question
from voicebot.dialog.vocabulary import asks, hesitates, holds_reason, is_plain, takes_instead
from voicebot.nlu.understanding import Understanding

TASKS = ("book_appointment", *message.INTENTS)
CONFIRMABLE = (*questions.INTENTS, *TASKS, "wrong_number")
"""Intents that have a sentence `confirm.<intent>`."""
_OUT_OF_SCOPE_WORDS = 4
"""A clear question outside the consignes has at least so many words; less is taken as not understood."""


def open_turn(move: Move, turn: Understanding) -> Move | None:
    """A turn after an open question; None when it is not understood."""
    if _only_opens(move, turn):
        return move.failed_once().ask(Question.OPEN, "opening.go_on")
    if turn.intents[0].score >= ACT_AT or turn.question is not None:
        return _act_on(move, turn)
    if turn.intents[0].score >= CONFIRM_AT and turn.intent in CONFIRMABLE:
        sure = turn.intent == "book_appointment" and (turn.act is not None or bool(turn.slots.datetimes))
        return _act_on(move, turn) if sure else _confirm(move, turn.intent, turn)
    if turn.act is None:
        return None
    asks_more = turn.intent == "out_of_scope" and asks(turn.text, move.state.language)
    return questions.not_covered(move, turn) if asks_more else _confirm(move, "book_appointment", turn)


def _only_opens(move: Move, turn: Understanding) -> bool:
    """« Allô ? », or a bare « oui », where the caller has not begun yet."""
    bare = turn.intent in {"greeting", "yes"} and turn.has(turn.intent, ALSO_AT)
    return (
        bare and move.state.question is Question.OPEN and move.state.failures == 0 and turn.question is None and turn.act is None
    )


def anything_else_turn(move: Move, turn: Understanding) -> Move | None:
    """« Non merci », « oui », « et le samedi ? », or the next thing at once."""
    told_hours = any(said.key in questions.SAID_OF_HOURS for said in move.state.last_said)
    if told_hours and turn.slots.datetimes and is_plain(turn.text, move.state.language):
        told = questions.answer(move, "opening_hours", turn)
        return told.settle() if told else None
    return closing.wants_more(move, turn) or open_turn(move, turn)


def menu_turn(move: Move, turn: Understanding) -> Move | None:
    """After the short menu a likely intent is enough."""
    if turn.intents[0].score >= CONFIRM_AT and turn.intent in CONFIRMABLE:
        return _act_on(move, turn)
    return open_turn(move, turn)


def confirm_answered(move: Move, turn: Understanding) -> Move | None:
    """The answer to « vous souhaitez…, c'est bien ça ? »."""
    kept, asked = move.state.aside, move.state.asked
    answer = yes_no(turn)
    if kept is None or asked is None:
        return None
    intent = asked.key.removeprefix("confirm.")
    if answer is None and (is_clear(turn, intent) or (intent == "book_appointment" and (turn.slots.datetimes or turn.act))):
        answer = "yes"
    if answer is None:
        return None
    cleared = move.to(replace(move.state, aside=None))
    if answer == "yes":
        whole = _joined(kept, turn)
        return _task(cleared, intent, whole) or questions.not_covered(cleared, whole)
    more = beyond(turn)
    if more is not None and more.intent != intent:
        return _act_on(cleared, more)
    return cleared.failed_once().ask(Question.OPEN, "repair.open")


def _joined(kept: Understanding, answer: Understanding) -> Understanding:
    """A turn with the values said in the answer that confirmed it (« oui, jeudi »)."""
    slots = replace(
        kept.slots,
        datetimes=answer.slots.datetimes or kept.slots.datetimes,
        phones=answer.slots.phones or kept.slots.phones,
        person=answer.slots.person or kept.slots.person,
    )
    return replace(kept, slots=slots, act=answer.act or kept.act, person_asked=answer.person_asked or kept.person_asked)


def digression(move: Move, turn: Understanding) -> Move | None:
    """Something else, said clearly in the middle of a task; None when it is not."""
    if turn.question is not None or (turn.intent in questions.INTENTS and turn.intents[0].score >= ACT_AT):
        told = questions.answer(move, turn.intent, turn)
        if told is None:
            return questions.not_covered(move, turn)
        return told.ask_again() if told.state.question is move.state.question else told
    free = move.state.message is None and move.state.booking is None
    if free and turn.intent == "book_appointment" and turn.has("book_appointment", ALSO_AT):
        return booking.start(move, turn)
    if turn.intents[0].score < ACT_AT:
        return None
    match turn.intent:
        case "thanks_bye":
            return closing.goodbye(move, EndReason.CALLER_GOODBYE)
        case "wrong_number":
            return closing.wrong_number(move)
        case "cancel" if move.state.booking is not None:
            return move.release().booking(None).say("booking.dropped").settle()
        case "book_appointment" if move.state.message is not None:
            return move.to(replace(move.state, pending=(*move.state.pending, (turn.intent, turn))[:2])).ask_again()
        case intent if intent in message.INTENTS and move.state.message is None and not _only_introduces(move, turn):
            kept = move.release().booking(None) if takes_instead(turn.text) else move
            return message.start(kept, intent, turn)
        case _:
            return None


def _only_introduces(move: Move, turn: Understanding) -> bool:
    """« Je m'appelle Sophie Durand »: a name, and nothing asked for."""
    slots = turn.slots
    return slots.person is not None and not holds_reason(turn.text, move.state.language, (slots.person,))


def start_pending(move: Move) -> Move:
    """The next task of a sentence that held several."""
    (intent, turn), *rest = move.state.pending
    waiting = move.to(replace(move.state, pending=tuple(rest)))
    return _task(waiting, intent, turn) or waiting.settle()


def _act_on(move: Move, turn: Understanding) -> Move | None:
    """Every answer that the sentence asks for, then its tasks in order."""
    move = move.to(replace(move.state, reason=move.state.reason or turn.text, total_failures=0))
    if turn.act is not None and is_clear(turn, "book_appointment") and not asks(turn.text, move.state.language):
        turn = replace(turn, question=None)
    names = [intent.name for intent in turn.intents if intent.score >= ALSO_AT or intent is turn.intents[0]]
    asked = [name for name in names if name in questions.INTENTS] or ([turn.intent] if turn.question is not None else [])
    tasks = [name for name in names if name in TASKS]
    told = move
    for name in asked[:2] if turn.question is None else asked[:1]:
        answered = questions.answer(told, name, turn)
        if answered is None:
            return questions.not_covered(told, turn) if not tasks else _task(told, tasks[0], turn)
        told = answered
    if tasks:
        later = tuple((name, turn) for name in tasks[1:2])
        return _task(told.to(replace(told.state, pending=later)), tasks[0], turn)
    if asked:
        return told if told.state.question is Question.PRICE_ACT else told.settle()
    return _task(move, turn.intent, turn)


def _task(move: Move, intent: str, turn: Understanding) -> Move | None:
    """Begin what one intent asks for; None when it is nothing to begin."""
    match intent:
        case "book_appointment":
            return booking.start(move, turn)
        case "solicitation" if move.consignes.solicitors == "refuse":
            return closing.refuse_solicitor(move)
        case "thanks_bye":
            return closing.goodbye(move, EndReason.CALLER_GOODBYE)
        case "wrong_number":
            return closing.wrong_number(move)
        case "out_of_scope" if len(turn.text.split()) >= _OUT_OF_SCOPE_WORDS and not hesitates(turn.text):
            return questions.not_covered(move, turn)
        case "urgent":
            return None
        case _ if intent in message.INTENTS:
            return message.start(move, intent, turn)
        case _ if intent in questions.INTENTS:
            told = questions.answer(move, intent, turn)
            return told if told is None or told.state.question is Question.PRICE_ACT else told.settle()
        case _:
            return None


def _confirm(move: Move, intent: str, turn: Understanding) -> Move:
    kept = replace(move.state, aside=turn, reason=move.state.reason or turn.text)
    return move.to(kept).ask(Question.CONFIRM, f"confirm.{intent}")
