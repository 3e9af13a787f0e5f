"""An appointment, from the act to the committed row; only a committed row is ever called booked."""

from __future__ import annotations

from dataclasses import replace

from voicebot.booking.slots import Slot
from voicebot.clients.consignes import Act, Consignes, in_language
from voicebot.core.ids import ActId, PersonId
from voicebot.dialog import contact, proposals
from voicebot.dialog.actions import Book, HoldSlot, SayValue
from voicebot.dialog.failures import AGENDA_FAILED, SLOT_GONE
from voicebot.dialog.inputs import SlotHeld
from voicebot.dialog.move import Move
from voicebot.dialog.questions import MOST_LISTED, labels
from voicebot.dialog.state import BookingForm, MessageForm, Question
from voicebot.dialog.summary import describe_booking
from voicebot.dialog.vocabulary import asks_with
from voicebot.nlu.choice import choose
from voicebot.nlu.understanding import Understanding


def start(move: Move, turn: Understanding) -> Move:
    """Begin with everything that the caller has said already."""
    consignes = move.consignes
    if not offered(move):
        return as_request(move.say("request.no_agenda"), turn.text)
    practitioner = _practitioner(turn, consignes)
    form = BookingForm(act=_act(turn, consignes), candidates=turn.acts, practitioner=practitioner, note=turn.text)
    begun = contact.volunteered(move.booking(form), turn)
    if turn.slots.datetimes:
        begun = proposals.wished(begun, turn.slots.datetimes)
    return begun.settle()


def offered(move: Move) -> bool:
    """Whether this client's appointments are given by the bot."""
    return move.consignes.booking.enabled and any(act.bookable for act in move.consignes.acts)


def next_step(move: Move) -> Move:
    """Ask for what is missing, look for slots, hold, read back."""
    form = _form(move)
    if form.act is None:
        return _ask_act(move, form)
    act = move.consignes.act(form.act)
    if not act.bookable:
        return _unbookable(move, act)
    if form.slot is None:
        return proposals.next_step(_able(move, act))
    if form.hold is None:
        return move.await_result(HoldSlot(slot=form.slot))
    return contact.next_question(move) or _recap(move, form.slot)


def act_named(move: Move, turn: Understanding) -> Move | None:
    """The answer to « pour quel acte ? »."""
    act = turn.act or _by_rank(move, turn)
    return None if act is None else chosen_act(move, act, turn)


def chosen_act(move: Move, act: ActId, turn: Understanding | None) -> Move:
    """The act is known; a wish said with it is kept."""
    named = move.booking(replace(_form(move), act=act, candidates=()))
    if turn is not None and turn.slots.datetimes:
        named = proposals.wished(named, turn.slots.datetimes)
    return named.settle()


def listed_acts(move: Move) -> tuple[Act, ...]:
    """The acts that the caller is asked to choose from, in the order said."""
    form = move.state.booking
    candidates = form.candidates if form else ()
    acts = [act for act in move.consignes.acts if act.id in candidates] or list(move.consignes.acts)
    return tuple(acts[:MOST_LISTED])


def held(move: Move, event: SlotHeld) -> Move:
    """The slot is reserved while details are taken."""
    return move.booking(replace(_form(move), slot=event.slot, hold=event.hold)).settle()


def gone(move: Move, slot: Slot) -> Move:
    """Somebody else took it: apologise and look again."""
    form = _form(move)
    again = replace(form, slot=None, hold=None, proposals=(), refused=(*form.refused, slot.starts))
    return move.say(SLOT_GONE).booking(again).settle()


def confirmed(move: Move) -> Move:
    """The read-back was accepted: write it."""
    form = _form(move)
    known = move.state.contact
    if form.hold is None or form.slot is None:
        return move.settle()
    return move.await_result(Book(hold=form.hold, slot=form.slot, person=known.name or "", phone=known.phone, note=form.note))


def booked(move: Move, slot: Slot) -> Move:
    """The row is committed: the only place where an appointment is said to be made."""
    counted = move.done(replace(move.state.done, booked=move.state.done.booked + 1))
    return counted.booking(None).say("booking.done", slot=slot.starts).settle()


def failed(move: Move) -> Move:
    """The agenda cannot be used: an honest request instead."""
    form = move.state.booking
    text = describe_booking(form, move.consignes) if form else move.state.reason
    note = f"{form.note} ({text})" if form and form.note else text
    return as_request(move.say(AGENDA_FAILED).release(), note)


def as_request(move: Move, reason: str) -> Move:
    """A request in place of an appointment, said to be unconfirmed by whoever calls this."""
    return move.booking(None).message(MessageForm(intent="book_appointment", kind="request", reason=reason)).settle()


def practitioner_named(move: Move, turn: Understanding) -> Move | None:
    """« Avec le docteur Martin », said while the appointment is looked for; None when nobody is chosen so."""
    form = move.state.booking
    asked = _practitioner(turn, move.consignes)
    if form is None or move.state.message is not None or asked is None or asked == form.practitioner or not asks_with(turn.text):
        return None
    chosen = move.release().booking(replace(form, practitioner=asked, slot=None, hold=None, proposals=(), refused=()))
    return proposals.wished(chosen, turn.slots.datetimes) if turn.slots.datetimes else chosen.settle()


def _by_rank(move: Move, turn: Understanding) -> ActId | None:
    """« Le premier », of the acts that were listed."""
    acts, now = listed_acts(move), move.state.now
    if now is None or turn.slots.datetimes:
        return None
    index = choose(turn.text, (now,) * len(acts), now, language=move.state.language)
    return None if index is None else acts[index].id


def _form(move: Move) -> BookingForm:
    return move.state.booking or BookingForm()


def _act(turn: Understanding, consignes: Consignes) -> ActId | None:
    if turn.act is not None or turn.acts:
        return turn.act
    return consignes.acts[0].id if len(consignes.acts) == 1 else consignes.booking.default_act


def _practitioner(turn: Understanding, consignes: Consignes) -> PersonId | None:
    asked = turn.person_asked
    return asked if asked is not None and consignes.person(asked).takes_appointments else None


def _ask_act(move: Move, form: BookingForm) -> Move:
    key = "booking.which_act" if form.candidates else "booking.ask_act"
    return move.ask(Question.ACT, key, acts=labels(move, listed_acts(move)))


def _unbookable(move: Move, act: Act) -> Move:
    form = _form(move)
    told = move.say("request.unbookable", act=in_language(act.label, move.state.language))
    return as_request(told, form.note or describe_booking(form, move.consignes))


def _able(move: Move, act: Act) -> Move:
    """Tell when the practitioner asked for does not perform the act, and go on with those who do."""
    form = _form(move)
    asked = form.practitioner
    if asked is None or not act.practitioners or asked in act.practitioners:
        return move
    others = tuple(move.consignes.person(person).name for person in act.practitioners)
    told = move.say("booking.other_practitioner", asked=move.consignes.person(asked).name, others=others)
    return told.booking(replace(form, practitioner=None))


def _recap(move: Move, slot: Slot) -> Move:
    act = in_language(move.consignes.act(slot.act).label, move.state.language)
    known = move.state.contact
    optional: dict[str, SayValue | None] = {
        "person": known.name,
        "phone": known.phone,
        "practitioner": move.consignes.person(slot.practitioner).name if slot.practitioner else None,
    }
    params: dict[str, SayValue] = {"act": act, "slot": slot.starts}
    params |= {name: value for name, value in optional.items() if value is not None}
    return move.ask_with(Question.RECAP, "booking.recap", params)
