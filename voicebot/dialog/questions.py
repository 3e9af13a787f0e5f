"""Answers from the consignes, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from voicebot.clients.consignes import Act, in_language
from voicebot.core.ids import ActId
from voicebot.dialog.answers import beyond, yes_no
from voicebot.dialog.move import Move
from voicebot.dialog.openings import Closed, bounds_on, closed_on, closure_on, next_open_day
from voicebot.dialog.state import MessageForm, Question
from voicebot.nlu.understanding import Understanding

INTENTS = ("opening_hours", "address_access", "price", "services_info")
"""Intents that the consignes may answer."""
SAID_OF_HOURS = frozenset(
    {"questions.hours", "questions.open_on", "questions.closed_on", "questions.closed_because", "questions.closed_holiday"}
)
"""Sentences after which a bare day (« et le samedi ? ») asks for the hours of that day."""
MOST_LISTED = 8
"""Acts named in one sentence."""


def answer(move: Move, intent: str, turn: Understanding) -> Move | None:
    """Say what the consignes hold on `intent`; None when they hold nothing."""
    if turn.question is not None:
        text = in_language(move.consignes.question(turn.question).answer, move.state.language)
        return answered(move.say("client.text", text=text))
    match intent:
        case "opening_hours":
            return answered(_hours(move, turn))
        case "address_access":
            return answered(move.say("questions.address" if move.consignes.access is None else "questions.address_access"))
        case "price":
            return _price(move, turn)
        case "services_info":
            return _services(move)
        case _:
            return None


def answered(move: Move) -> Move:
    """Count an answer given."""
    return move.done(replace(move.state.done, answered=move.state.done.answered + 1))


def not_covered(move: Move, turn: Understanding) -> Move:
    """Say so, and offer to pass the question on."""
    kept = move.to(replace(move.state, aside=turn))
    return kept.ask(Question.OFFER_MESSAGE, "questions.not_covered")


def offer_taken(move: Move, turn: Understanding) -> Move | None:
    """The answer to the offer of a message."""
    choice = yes_no(turn)
    kept = move.state.aside
    cleared = move.to(replace(move.state, aside=None))
    if choice == "no" and beyond(turn) is None:
        return cleared.settle()
    if choice == "yes" or turn.has("leave_message"):
        reason = kept.text if kept else ""
        return cleared.message(MessageForm(intent="leave_message", reason=reason)).settle()
    return None


def price_of_act(move: Move, turn: Understanding) -> Move | None:
    """The answer to « pour quel acte ? »."""
    if turn.act is not None:
        return tell_price(move, turn.act)
    return move.settle() if yes_no(turn) == "no" else None


def tell_price(move: Move, act_id: ActId) -> Move:
    """The price of one act, its note, or that it is not known."""
    act = move.consignes.act(act_id)
    language = move.state.language
    label = in_language(act.label, language)
    note = in_language(act.price_note, language) if act.price_note else None
    settled = move.settle()
    if act.price_eur == 0:
        return answered(settled.say("questions.price_free", act=label))
    if act.price_eur is not None and note is not None:
        return answered(settled.say("questions.price_and_note", act=label, price=float(act.price_eur), note=note))
    if act.price_eur is not None:
        return answered(settled.say("questions.price", act=label, price=float(act.price_eur)))
    if note is not None:
        return answered(settled.say("questions.price_note", act=label, note=note))
    return answered(settled.say("questions.price_unknown", act=label))


def _hours(move: Move, turn: Understanding) -> Move:
    day = _day(turn)
    if day is None or turn.slots.datetimes[0].dates:
        return move.say("questions.hours")
    match closed_on(move.consignes, day):
        case None:
            now = move.state.now or datetime.combine(day, datetime.min.time())
            bounds = bounds_on(move.consignes, day)
            spans = tuple(datetime.combine(day, t, now.tzinfo) for t in bounds)
            return move.say("questions.open_on", day=day, spans=spans)
        case Closed.CLOSURE:
            move = _closed(move, day)
        case Closed.HOLIDAY:
            move = move.say("questions.closed_holiday", day=day)
        case Closed.WEEKDAY:
            move = move.say("questions.closed_on", day=day)
    reopens = next_open_day(move.consignes, day)
    return move if reopens is None else move.say("questions.reopens", day=reopens)


def _closed(move: Move, day: date) -> Move:
    closure = closure_on(move.consignes, day)
    if closure is None or closure.reason is None:
        return move.say("questions.closed_on", day=day)
    return move.say("questions.closed_because", day=day, why=in_language(closure.reason, move.state.language))


def _day(turn: Understanding) -> date | None:
    readings = turn.slots.datetimes
    return readings[0].date if len(readings) == 1 else None


def _price(move: Move, turn: Understanding) -> Move | None:
    booking = move.state.booking
    act = turn.act or (booking.act if booking else None)
    if act is not None:
        return tell_price(move, act)
    acts = priced(move)
    if not acts:
        return None
    if len(acts) == 1:
        return tell_price(move, acts[0].id)
    return move.ask(Question.PRICE_ACT, "questions.price_of_what", acts=labels(move, acts))


def priced(move: Move) -> tuple[Act, ...]:
    """Acts whose price, or a note on it, is known; in the order said."""
    known = (act for act in move.consignes.acts if act.price_eur is not None or act.price_note is not None)
    return tuple(known)[:MOST_LISTED]


def _services(move: Move) -> Move | None:
    if not move.consignes.acts:
        return None
    return answered(move.say("questions.services", acts=labels(move, move.consignes.acts)))


def labels(move: Move, acts: tuple[Act, ...]) -> tuple[str, ...]:
    """Names of acts in the language of the call."""
    return tuple(in_language(act.label, move.state.language) for act in acts[:MOST_LISTED])
