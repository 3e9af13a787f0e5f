"""The dialogue, as one pure function: state and input in, new state and actions out.

While a human talks to the caller the bot is mute; while the caller waits for one, `hold_turns` answers.
Order of any other turn: life and urgency, language, a person, « répétez », the answer to the open question,
then a correction or a digression, and at last « je n'ai pas compris ».
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import assert_never

from voicebot.clients.consignes import Consignes
from voicebot.dialog import (
    booking,
    closing,
    contact,
    escalation,
    hold_turns,
    holding,
    intents,
    interruption,
    leaving,
    message,
    opening,
    proposals,
    questions,
    recap,
    repair,
)
from voicebot.dialog.actions import Action, EndCall, Say
from voicebot.dialog.answers import ACT_AT, ALSO_AT, beyond, is_clear, yes_no
from voicebot.dialog.inputs import (
    CallerKeys,
    CallerSilent,
    CallerTurn,
    CallStarted,
    FromCaller,
    HearingFailed,
    Hinted,
    Input,
    Resumed,
    Stopping,
    TimeLimit,
    TurnTooLong,
)
from voicebot.dialog.keys import keys, waits_for_zero
from voicebot.dialog.move import Move
from voicebot.dialog.results import counted, resulted
from voicebot.dialog.state import DialogState, Question
from voicebot.dialog.vocabulary import abandons, asks, holds_reason, is_plain, takes_leave
from voicebot.handoff.events import HumanComing, HumanConnected, HumanLeft, PlaceChanged, Waited
from voicebot.nlu.understanding import Understanding

Answer = Callable[[Move, Understanding], Move | None]

_ANSWERS: Mapping[Question, Answer] = {
    Question.OPEN: intents.open_turn,
    Question.MENU: intents.menu_turn,
    Question.ANYTHING_ELSE: intents.anything_else_turn,
    Question.CONFIRM: intents.confirm_answered,
    Question.OFFER_MESSAGE: questions.offer_taken,
    Question.HELP: message.help_chosen,
    Question.PRICE_ACT: questions.price_of_act,
    Question.ACT: booking.act_named,
    Question.WISH: proposals.wish_said,
    Question.READING: proposals.reading_said,
    Question.PROPOSAL: proposals.picked,
    Question.NAME: contact.name,
    Question.SPELLING: contact.name,
    Question.OWN_NUMBER: contact.own_number,
    Question.PHONE: contact.phone,
    Question.DIGITS: contact.phone,
    Question.PHONE_CHECK: contact.check_phone,
    Question.RECAP: recap.answered,
    Question.FIX: recap.what_is_wrong,
    Question.REASON: message.reason_said,
}
_OPEN_TURNS = (Question.OPEN, Question.ANYTHING_ELSE, Question.MENU)
"""Where questions and goodbyes are answers like any other."""
_CHOICES_OF_ACT = (Question.ACT, Question.PRICE_ACT)
_OF_CONTACT = (Question.NAME, Question.SPELLING, Question.OWN_NUMBER, Question.PHONE, Question.DIGITS, Question.PHONE_CHECK)
_CHOICES_OF_DAY = (Question.WISH, Question.READING, Question.PROPOSAL)
_TAKING_VALUES = (*_OF_CONTACT, *_CHOICES_OF_ACT, *_CHOICES_OF_DAY)
"""Where a name or a number said before it is asked for is kept, and the question put again."""
_LONGEST_FLOW = 8
"""Steps between two questions; a handful is the most that forms can need."""


def step(state: DialogState, event: Input, consignes: Consignes) -> tuple[DialogState, tuple[Action, ...]]:
    """What the call becomes, and what is to be done, when `event` happens; pure and deterministic."""
    move = Move(state=state, consignes=consignes)
    if state.end_reason is not None:
        again = (EndCall(reason=state.end_reason),) if isinstance(event, Resumed) else ()
        return counted(move, event).state, again
    move = _flow(_handled(move, event))
    said = tuple(action for action in move.actions if isinstance(action, Say))
    return (replace(move.state, last_said=said) if said else move.state), move.actions


def _handled(move: Move, event: Input) -> Move:
    state = move.state
    match event:
        case CallStarted():
            return opening.start(move, event)
        case CallerTurn() | CallerKeys() | CallerSilent() | TurnTooLong() | HearingFailed() | TimeLimit():
            if state.with_human:
                return move
            return _heard(move, event) if state.hold is None else hold_turns.heard(move, event)
        case PlaceChanged() | Waited() | HumanComing() | HumanConnected() | HumanLeft():
            return holding.happened(move, event)
        case Hinted():
            return interruption.hinted(move, event.text)
        case Resumed():
            return interruption.resumed(move, event)
        case Stopping():
            return interruption.stopping(move.to(replace(state, now=event.now)))
        case _:
            return resulted(move, event)


def _heard(move: Move, event: FromCaller | TimeLimit) -> Move:
    match event:
        case CallerTurn():
            heard = replace(move.state, now=event.now, keypad=False, hearing_failures=0)
            return _turn(move.to(heard), event.understanding)
        case TimeLimit():
            return closing.time_limit(move, final=event.final)
        case _:
            return move if move.state.handoff is not None or move.state.stopping else _without_words(move, event)


def _without_words(move: Move, event: CallerKeys | CallerSilent | TurnTooLong | HearingFailed) -> Move:
    match event:
        case CallerKeys():
            return keys(move.to(replace(move.state, now=event.now)), event.keys)
        case CallerSilent():
            return escalation.person_asked(move) if waits_for_zero(move) else repair.silent(move, event.level)
        case TurnTooLong():
            return repair.too_long(move)
        case HearingFailed():
            return repair.hearing_failed(move)
        case _:
            assert_never(event)


def _turn(move: Move, turn: Understanding) -> Move:
    urgency = turn.urgency
    if urgency.level == "urgent" and (urgency.vital or move.state.handoff is None):
        return escalation.urgent(move, turn)
    if move.state.handoff is not None or move.state.stopping:
        return move
    wanted = None if turn.slots.spelled or turn.slots.phones else turn.language_request
    if wanted is not None and wanted != move.state.language:
        move = opening.change_language(move, wanted, turn.text)
        says_more = turn.intents[0].score >= ACT_AT and turn.intent not in {"greeting", "noise", "out_of_scope"}
        if move.state.handoff is not None or not says_more:
            return move if move.state.handoff is not None else opening.greet_again(move)
    if move.state.question is Question.HUMAN_REASON:
        return escalation.reason_given(move, turn)
    chooses = urgency.level == "none" and move.state.question in (*_CHOICES_OF_ACT, *_CHOICES_OF_DAY)
    with_whom = booking.practitioner_named(move, turn) if chooses else None
    if with_whom is not None:
        return with_whom
    if escalation.asks_for_person(turn, move.state.question):
        return escalation.person_asked(move, turn)
    if turn.intent == "repeat" and turn.has("repeat", ALSO_AT):
        return repair.repeat(move)
    return _about_urgency(move, turn)


def _about_urgency(move: Move, turn: Understanding) -> Move:
    if move.state.question is Question.URGENT:
        decided = escalation.whether_urgent(move, turn)
        kept = move.state.aside
        if decided is not None or kept is None:
            return decided or move.settle()
        return _answer(escalation.not_urgent(move), kept)
    unclear = turn.urgency.level == "ask" or is_clear(turn, "urgent")
    names = (turn.slots.person,) if turn.slots.person else ()
    prepared = turn.question is not None and turn.urgency.kind is None
    if (prepared or is_plain(turn.text, move.state.language, names)) and not turn.urgency.vital:
        return _answer(move, turn)
    if unclear and (turn.urgency.vital or not move.state.urgency_asked):
        return escalation.ask_whether_urgent(move, turn)
    return _answer(move, turn)


def _answer(move: Move, turn: Understanding) -> Move:
    """The open question first; then whatever else was said."""
    question = move.state.question
    if question is Question.RESULT:
        return move.failed_once().say("repair.moment")
    renumbered = leaving.another_number(move, turn)
    if renumbered is not None:
        return renumbered
    if abandons(turn.text) and (move.state.message is not None or move.state.booking is not None):
        return closing.abandoned(move)
    if question not in _OPEN_TURNS and _is_elsewhere(move, turn):
        elsewhere = intents.digression(move, turn)
        if elsewhere is not None:
            return elsewhere
    if question in _OF_CONTACT and recap.changes_slot(move, turn) and (turn.slots.person is None or yes_no(turn) == "no"):
        return proposals.wished(move, turn.slots.datetimes)
    handler = _ANSWERS.get(question)
    answered = handler(move, turn) if handler else None
    if answered is not None:
        return answered
    if question in _TAKING_VALUES and (turn.slots.phones or contact.with_name(move.state.contact, turn) is not None):
        return recap.corrected(move, turn) or repair.not_understood(move)
    added = _added(move, turn)
    if added is not None:
        return added
    return intents.digression(move, beyond(turn) or turn) or repair.not_understood(move)


def _added(move: Move, turn: Understanding) -> Move | None:
    """More of a message, said while the name or the number is asked; once in a row."""
    form, question = move.state.message, move.state.question
    if form is None or question not in _OF_CONTACT or question is move.state.added_at or asks(turn.text, move.state.language):
        return None
    if not turn.slots.datetimes and not holds_reason(turn.text, move.state.language):
        return None
    if turn.intent in {"thanks_bye", "wrong_number", "noise"} and turn.has(turn.intent, ALSO_AT):
        return None
    return message.added(move.to(replace(move.state, added_at=question)), turn).ask_again()


def _is_elsewhere(move: Move, turn: Understanding) -> bool:
    """A goodbye, or a question that the consignes do answer, whatever else the words could answer."""
    answer = yes_no(turn)
    if move.state.question in {Question.NAME, Question.SPELLING} and turn.slots.person is not None and not takes_leave(turn.text):
        return False
    if is_clear(turn, "thanks_bye"):
        return answer is None or (answer == "no" and takes_leave(turn.text))
    if move.state.question in _CHOICES_OF_ACT and turn.act is not None:
        return False
    says_day = move.state.question in _CHOICES_OF_DAY and bool(turn.slots.datetimes) and turn.question is None
    if says_day and not asks(turn.text, move.state.language):
        return False
    asked = any(is_clear(turn, name) for name in questions.INTENTS)
    return asked and questions.answer(move, turn.intent, turn) is not None


def _flow(move: Move) -> Move:
    """Go on until a question stands open, a result is awaited or the call ends."""
    for _ in range(_LONGEST_FLOW):
        state = move.state
        if state.ended or state.handoff is not None or state.question is not Question.NONE:
            return move
        if state.message is not None:
            move = message.next_step(move)
        elif state.booking is not None:
            move = booking.next_step(move)
        elif state.pending:
            move = intents.start_pending(move)
        else:
            move = closing.anything_else(move)
    return move
