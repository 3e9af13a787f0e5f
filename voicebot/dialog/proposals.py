"""From a wish to one chosen slot: at most two proposals a turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from voicebot.booking.slots import Slot
from voicebot.dialog.actions import FindSlots
from voicebot.dialog.answers import yes_no
from voicebot.dialog.inputs import SlotsFound
from voicebot.dialog.move import Move
from voicebot.dialog.state import BookingForm, Question
from voicebot.dialog.vocabulary import any_time
from voicebot.dialog.wishes import has_day, instants, is_exact, merge
from voicebot.nlu.choice import choose
from voicebot.nlu.slots import DateTimeWish
from voicebot.nlu.understanding import Understanding

MOST_PROPOSALS = 2
MOST_SEARCHES = 6
"""Searches in one booking, after which a message or a person is offered."""

MOST_REFUSED = 3
"""Proposals refused for one wish, after which another wish is asked for."""


def wished(move: Move, readings: tuple[DateTimeWish, ...]) -> Move:
    """Take a wish; a slot held for an earlier one is given back."""
    released = move.release()
    form = released.state.booking or BookingForm()
    merged = tuple(merge(form.wish, reading) for reading in readings)
    if form.readings and len(readings) == 1 and not has_day(readings[0]):
        narrowed = tuple(merge(reading, readings[0]) for reading in form.readings)
        return released.booking(replace(form, readings=narrowed)).settle()
    cleared = replace(form, slot=None, hold=None, proposals=(), refused=(), readings=())
    if len(merged) == 1:
        return released.booking(replace(cleared, wish=merged[0])).settle()
    return released.booking(replace(cleared, wish=None, readings=merged[:MOST_PROPOSALS])).settle()


def next_step(move: Move) -> Move:
    """Which reading, which day, or what is free."""
    form = _form(move)
    if form.readings:
        return _ask_reading(move, form)
    if form.wish is None or form.act is None:
        return move.ask(Question.WISH, "booking.ask_wish")
    if form.searches >= MOST_SEARCHES:
        return move.booking(None).ask(Question.HELP, "booking.no_luck")
    if form.proposals:
        return _propose(move, form.proposals)
    searching = move.booking(replace(form, searches=form.searches + 1))
    return searching.await_result(
        FindSlots(act=form.act, practitioner=form.practitioner, wish=form.wish, refused=form.refused, limit=MOST_PROPOSALS)
    )


def found(move: Move, event: SlotsFound) -> Move:
    """Hold the very slot that was wished, otherwise propose."""
    form = _form(move)
    slots = event.slots[:MOST_PROPOSALS]
    if not slots:
        empty = move.say(f"booking.why_{event.why_not}" if event.why_not else "booking.nothing_free")
        return empty.booking(replace(form, wish=None)).settle()
    wish = form.wish
    if event.exact and wish is not None and is_exact(wish) and _starts_as_wished(slots[0], wish):
        told = move.say("booking.exact", slot=slots[0].starts)
        return told.booking(replace(form, slot=slots[0])).settle()
    if not event.exact and not form.refused:
        move = move.say(f"booking.why_{event.why_not or 'full'}")
    return move.booking(replace(form, proposals=slots)).settle()


def picked(move: Move, turn: Understanding) -> Move | None:
    """The answer to proposals: one of them, another wish, or the next ones."""
    form = _form(move)
    options = tuple(slot.starts for slot in form.proposals)
    index = _chosen(move, options, turn)
    if index is not None:
        return pick(move, index)
    if turn.slots.datetimes:
        return wished(move, turn.slots.datetimes)
    answer = yes_no(turn)
    if answer == "yes" and len(options) == 1:
        return pick(move, 0)
    if answer == "yes" and not move.state.failures:
        return move.failed_once().ask_again()
    if answer == "yes":
        return move.booking(replace(form, proposals=form.proposals[:1])).settle()
    if answer == "no":
        refused = (*form.refused, *options)
        more = replace(form, proposals=(), refused=refused, wish=None if len(refused) > MOST_REFUSED else form.wish)
        return move.booking(more).settle()
    return None


def pick(move: Move, index: int) -> Move | None:
    """Take proposal number `index`, from 0; None when there is no such one."""
    form = _form(move)
    if not 0 <= index < len(form.proposals):
        return None
    return move.booking(replace(form, slot=form.proposals[index], proposals=())).settle()


def wish_said(move: Move, turn: Understanding) -> Move | None:
    """The answer to « quel jour vous conviendrait ? »."""
    if not turn.slots.datetimes and any_time(turn.text):
        return wished(move, (DateTimeWish(asap=True),))
    return wished(move, turn.slots.datetimes) if turn.slots.datetimes else None


def reading_said(move: Move, turn: Understanding) -> Move | None:
    """The answer to « vous voulez dire… ou… ? »."""
    options = move.state.options
    index = _chosen(move, options, turn)
    if index is not None:
        return choose_reading(move, index)
    return wished(move, turn.slots.datetimes) if len(turn.slots.datetimes) == 1 else None


def choose_reading(move: Move, index: int) -> Move | None:
    """Take reading number `index`, from 0; None when there is no such one."""
    form = _form(move)
    if not 0 <= index < len(form.readings):
        return None
    return move.booking(replace(form, wish=form.readings[index], readings=())).settle()


def _chosen(move: Move, options: tuple[datetime, ...], turn: Understanding) -> int | None:
    """Which option was picked; none that another day or hour in the same words speaks against."""
    if not options or not turn.text:
        return None
    index = choose(turn.text, options, move.state.now or options[0], language=move.state.language)
    if index is None or not turn.slots.datetimes:
        return index
    return index if any(_allows(wish, options[index]) for wish in turn.slots.datetimes) else None


def _allows(wish: DateTimeWish, start: datetime) -> bool:
    days = wish.dates or ((wish.date,) if wish.date else ())
    return (not days or start.date() in days) and (wish.time is None or wish.approx or wish.time == start.time())


def _form(move: Move) -> BookingForm:
    return move.state.booking or BookingForm()


def _starts_as_wished(slot: Slot, wish: DateTimeWish) -> bool:
    return (slot.starts.date(), slot.starts.time()) == (wish.date, wish.time)


def _propose(move: Move, slots: tuple[Slot, ...]) -> Move:
    starts = tuple(slot.starts for slot in slots)
    if len(starts) == 1:
        return move.ask_with(Question.PROPOSAL, "booking.propose_one", {"slot": starts[0]}, options=starts)
    return move.ask_with(Question.PROPOSAL, "booking.propose_two", {"slots": starts}, options=starts)


def _ask_reading(move: Move, form: BookingForm) -> Move:
    now = move.state.now
    if now is None:
        return move.ask(Question.WISH, "booking.ask_wish")
    options = instants(form.readings, now)
    days = {option.date() for option in options}
    key = "booking.which_day" if len(days) == len(options) else "booking.which_time"
    return move.ask_with(Question.READING, key, {"choices": options}, options=options)
