"""What a waiting caller says and presses. People talk to others while they wait: only what is clear is heard."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, assert_never

from voicebot.core.language import Language
from voicebot.dialog import contact, escalation, opening, questions
from voicebot.dialog.actions import EndReason, SetLanguage
from voicebot.dialog.answers import ALSO_AT, CONFIRM_AT, is_clear, yes_no
from voicebot.dialog.inputs import CallerKeys, CallerSilent, CallerTurn, FromCaller, HearingFailed, TimeLimit, TurnTooLong
from voicebot.dialog.leaving import call_back, end, leave, take_message, waited_in_vain
from voicebot.dialog.move import Move
from voicebot.dialog.repair import MOST_FAILURES
from voicebot.dialog.state import MessageForm, Question
from voicebot.dialog.vocabulary import abandons, asks_place, holds_reason, settled, takes_leave, waits
from voicebot.dialog.waiting import nobody, tell_place, wait, wait_on
from voicebot.nlu.understanding import Understanding


def heard(move: Move, event: FromCaller | TimeLimit) -> Move:
    """What comes from a caller who waits; while the queue lets the caller go only a vital emergency counts."""
    pending = move.state.question is Question.RESULT
    match event:
        case CallerTurn():
            return _said(move.to(replace(move.state, now=event.now)), event.understanding)
        case _ if pending:
            return move
        case CallerKeys():
            return _pressed(move.to(replace(move.state, now=event.now)), event.keys)
        case CallerSilent():
            return _silent(move, event.level)
        case TurnTooLong() | HearingFailed():
            return _unclear(move)
        case TimeLimit():
            return end(move, EndReason.TIME_LIMIT) if event.final else move.say("closing.time_warning")
        case _:
            assert_never(event)


def _said(move: Move, turn: Understanding) -> Move:
    urgency = turn.urgency
    if urgency.vital and urgency.level != "none":
        return escalation.urgent(move, turn)
    if move.state.question is Question.RESULT:
        return move
    if urgency.level == "urgent" and not escalation.is_urgent(move.state):
        return escalation.urgent(move, turn)
    wanted = None if turn.slots.spelled or turn.slots.phones else turn.language_request
    if wanted is not None and wanted != move.state.language:
        return _change_language(move, wanted)
    return _choice(move, turn) or _wish(move, turn) or _unclear(move)


def _pressed(move: Move, keys: str) -> Move:
    """0 a person, # goodbye, * the place again, 1 a call-back, 2 a message, 3 go on waiting."""
    if "0" in keys:
        return _reassure(move)
    if "#" in keys:
        return leave(move, "hung_up")
    if "*" in keys:
        return _again(move)
    match keys[-1:]:
        case "1":
            return call_back(move)
        case "2":
            return take_message(move, MessageForm(intent="leave_message"))
        case "3":
            return wait_on(move)
        case _:
            return move


def _silent(move: Move, level: Literal[1, 2, 3]) -> Move:
    """Silence is the way one waits; only where nobody is there an answer is needed."""
    if move.state.question is not Question.HOLD_CHOICE:
        return move
    if _staffed(move):
        return wait(move)
    return move.ask_again() if level < 3 else end(move, EndReason.SILENCE)


def _choice(move: Move, turn: Understanding) -> Move | None:
    """A call-back, a message, or going on: likely words are enough where they were asked for."""
    asked = move.state.question is Question.HOLD_CHOICE
    least = CONFIRM_AT if asked else ALSO_AT
    if turn.has("callback_request", least):
        return call_back(contact.volunteered(move, turn))
    if turn.has("leave_message", least):
        reason = turn.text if holds_reason(turn.text, move.state.language) else ""
        return take_message(contact.volunteered(move, turn), MessageForm(intent="leave_message", reason=reason))
    if not asked:
        return None
    if waits(turn.text) or yes_no(turn) == "no":
        return wait_on(move)
    return call_back(move) if yes_no(turn) == "yes" and not _staffed(move) else None


def _wish(move: Move, turn: Understanding) -> Move | None:
    """What else a waiting caller may want; None when there is nothing clear."""
    if settled(turn.text):
        return leave(move, "answered")
    if abandons(turn.text) or (takes_leave(turn.text) and turn.has("thanks_bye", ALSO_AT)):
        return leave(move, "hung_up")
    if escalation.asks_for_person(turn, move.state.question) or turn.urgency.level == "urgent":
        return _reassure(move)
    if turn.intent == "repeat" and turn.has("repeat", ALSO_AT):
        return _again(move)
    if asks_place(turn.text):
        return tell_place(move) if _staffed(move) else nobody(move)
    return _question(move, turn)


def _question(move: Move, turn: Understanding) -> Move | None:
    if turn.question is None and not any(is_clear(turn, intent) for intent in questions.INTENTS):
        return None
    told = questions.answer(move, turn.intent, turn)
    if told is None or told.state.question is not move.state.question:
        return move.say("hold.not_mine")
    return told.ask_again() if told.state.question is Question.HOLD_CHOICE else wait_on(told)


def _unclear(move: Move) -> Move:
    """Ignored while the caller waits; where nobody is there it is asked again, and at last settled without an answer."""
    if _staffed(move) or move.state.question is not Question.HOLD_CHOICE:
        return move
    counted = move.failed_once()
    return waited_in_vain(counted) if counted.state.failures >= MOST_FAILURES else counted.ask_again()


def _reassure(move: Move) -> Move:
    """Asked for a person again: the rank is kept."""
    hold = move.state.hold
    if not _staffed(move) and hold is not None and hold.coming is None:
        return nobody(move)
    return wait(move.say("hold.same_rank"))


def _staffed(move: Move) -> bool:
    hold = move.state.hold
    return hold is not None and hold.staffed


def _again(move: Move) -> Move:
    """« Pardon ? »: the choice, who is coming, or the place."""
    hold = move.state.hold
    if move.state.question is Question.HOLD_CHOICE:
        return move.ask_again()
    if hold is not None and hold.coming is not None:
        return move.say("handoff.connecting", name=hold.coming)
    return tell_place(move)


def _change_language(move: Move, wanted: Language) -> Move:
    """On in another language, with the notice again; the ticket learns it, and its result tells the place."""
    hold = move.state.hold
    changed = move.do(SetLanguage(language=wanted)).to(replace(move.state, language=wanted))
    if wanted in move.consignes.languages:
        changed = opening.notice(changed)
    else:
        changed = changed.say("opening.language_unavailable", protected=True)
    return changed if hold is None else escalation.request(changed, hold.reason)
