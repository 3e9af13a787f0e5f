"""What secretaries and supervisors see and may do at a served desk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from accounts.refusals import NotAllowedError, NotFoundError
from accounts.users import Role, User
from tests.fakes.served_desk import CALLER, OTHER_ID, ServedDesk, news, register_firms
from tests.fakes.stored import FIRM_ID, answer_call
from voicebot.core.errors import InputError, RefusalError
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import ActId, CallId, TicketId, UserId
from voicebot.core.secretaries import Declared
from voicebot.core.tickets import TicketState
from voicebot.handoff.requests import HandoffReason, HandoffRequest
from voicebot.records.appointments import Booking, Stretch, book_hold, hold_stretch
from voicebot.records.calls import end_call
from voicebot.records.database import Database
from voicebot.records.messages import MessageText, add_message
from voicebot.records.wrap_ups import Correction, WrapUp, notes_of, read_wrap_up

SHEET = WrapUp(
    person="Jean Petit", phone=CALLER, reason="une panne", intent="urgent", outcome="handled", note="Le technicien passe demain.",
    corrections=(Correction(field="person", was="Jean Petite", now="Jean Petit"),),
)  # fmt: skip


@pytest.fixture
async def served(database: Database) -> AsyncIterator[ServedDesk]:
    register_firms(database)
    served = ServedDesk(database, queue={"transfers": [{"number": "+33639980007", "label": "le portable"}]})
    await served.desk.adopt()
    yield served
    await served.close()


def told(console: Any, kind: str) -> list[dict[str, Any]]:
    return [json.loads(update.event.partition(b"data: ")[2]) for update in news(console) if update.kind == kind]


async def wrapping_up(served: ServedDesk, alice: User) -> TicketId:
    await served.comes(alice)
    place = await served.asks("one")
    await served.round()
    await served.desk.accept(alice, place.ticket)
    await served.talks(alice, place.ticket)
    await served.desk.hang_up(alice, place.ticket)
    return place.ticket


async def test_a_console_sees_each_change_and_what_it_means_to_who_looks(served: ServedDesk) -> None:
    alice, bert = served.hires("alice"), served.hires("bert")
    her, his = await served.comes(alice), await served.comes(bert)
    for console in (her, his):
        news(console)
    place = await served.asks("one")
    assert [(t["state"], t["offered_to_me"], t["acceptable"]) for t in told(his, "ticket")] == [("waiting", False, True)]
    await served.round()
    assert [(t["state"], t["offered_to_me"], t["acceptable"]) for t in told(her, "ticket")][-1] == ("offered", True, True)
    assert [(t["state"], t["offered_to_me"], t["acceptable"]) for t in told(his, "ticket")] == [("offered", False, False)]
    await served.desk.accept(alice, place.ticket)
    (secretary,) = told(his, "secretary")
    assert (secretary["name"], secretary["derived"], secretary["ticket"]) == ("Alice", "on_call", place.ticket)
    assert [me["derived"] for me in told(her, "me")][-1] == "on_call"
    await served.leaves("one")
    await served.passes(0.5)
    assert told(her, "ticket")[-1]["state"] == "callback_due"


async def test_what_is_over_is_gone(served: ServedDesk) -> None:
    chief = await served.opens_console(served.hires("chief", Role.SUPERVISOR))
    place = await served.asks("one")
    await served.leaves("one", "message")
    assert told(chief, "ticket")[-1] == {"id": place.ticket, "gone": True}


async def test_a_snapshot_and_the_news_tell_the_same(served: ServedDesk) -> None:
    alice = served.hires("alice")
    console = await served.comes(alice)
    await served.asks("one", HandoffReason.URGENT, urgency_kind="medical", person="Jean Petit")
    await served.round()
    snapshot: Any = await served.desk.snapshot(alice)
    assert snapshot["tickets"] == told(console, "ticket")[-1:]
    (ticket,) = snapshot["tickets"]
    assert (ticket["client_name"], ticket["person"], ticket["secretary_name"]) == ("le cabinet Test", "Jean Petit", "Alice")
    assert (snapshot["me"]["id"], snapshot["me"]["derived"]) == (alice.id, "offered")
    assert [secretary["name"] for secretary in snapshot["secretaries"]] == ["Alice"]
    assert snapshot["now"] == served.clock.wall().isoformat()


async def test_nobody_sees_or_touches_what_belongs_to_another_client(served: ServedDesk) -> None:
    alice = served.hires("alice", all_clients=False, clients=frozenset({OTHER_ID}))
    console = await served.comes(alice)
    news(console)
    place = await served.asks("one")
    served.desk.sink(CallId("one"), FIRM_ID)(CallEvent(t_s=1, kind=EventKind.CALLER_TURN, data={"text": "Bonjour."}))
    await served.round()
    assert not told(console, "ticket")
    snapshot: Any = await served.desk.snapshot(alice)
    assert (snapshot["tickets"], snapshot["calls"]) == ([], [])
    desk = served.desk
    attempts: list[Any] = [
        lambda: desk.accept(alice, place.ticket), lambda: desk.refuse(alice, place.ticket, "other"),
        lambda: desk.hang_up(alice, place.ticket), lambda: desk.give_back(alice, place.ticket),
        lambda: desk.hold(alice, place.ticket, on=True), lambda: desk.transfer(alice, place.ticket, "+33639980007"),
        lambda: desk.extend_wrap_up(alice, place.ticket), lambda: desk.save_wrap_up(alice, place.ticket, SHEET, finish=True),
        lambda: desk.note(alice, place.ticket, "note"), lambda: desk.take_callback(alice, place.ticket),
        lambda: desk.callback_result(alice, place.ticket, reached=True), lambda: desk.file(alice, place.ticket),
        lambda: desk.hint(alice, CallId("one"), "Bonjour."),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(NotFoundError):
            await attempt()
    with pytest.raises(NotFoundError):
        desk.secretary_leg(alice, place.ticket)
    with pytest.raises(NotFoundError):
        desk.listen(alice, CallId("one"))


async def test_a_supervisor_of_one_client_moves_no_ticket_of_another(served: ServedDesk) -> None:
    alice = served.hires("alice")
    chief = served.hires("chief", Role.SUPERVISOR, all_clients=False, clients=frozenset({OTHER_ID}))
    await served.comes(alice)
    place = await served.asks("one")
    with pytest.raises(NotFoundError):
        await served.desk.move(chief, place.ticket, alice.id)


async def test_only_supervisors_force_and_move(served: ServedDesk) -> None:
    alice, bert, chief = served.hires("alice"), served.hires("bert"), served.hires("chief", Role.SUPERVISOR)
    await served.comes(alice)
    await served.comes(bert)
    place = await served.asks("one")
    await served.round()
    with pytest.raises(NotAllowedError):
        await served.desk.force(alice, bert.id, Declared.BREAK)
    with pytest.raises(NotAllowedError):
        await served.desk.move(alice, place.ticket, bert.id)
    moved = await served.desk.move(chief, place.ticket, bert.id)
    assert (moved.state, moved.secretary) == (TicketState.OFFERED, bert.id)
    await served.desk.force(chief, bert.id, Declared.OFFLINE)
    assert served.ticket(place.ticket).secretary != bert.id, "the offer is withdrawn"
    with pytest.raises(NotFoundError):
        await served.desk.force(chief, UserId(999), Declared.BREAK)


async def test_who_closes_her_page_is_gone_but_who_loads_it_again_is_not(served: ServedDesk) -> None:
    alice = served.hires("alice")
    async with served.desk.subscribe(alice):
        await served.round()
        await served.desk.declare(alice, Declared.AVAILABLE)
        assert served.desk.floor.board.secretaries[alice.id].connected
    await served.passes(4)
    async with served.desk.subscribe(alice):
        await served.passes(10)
        assert served.desk.floor.board.secretaries[alice.id].connected
    await served.passes(6)
    assert not served.desk.floor.board.secretaries[alice.id].connected
    place = await served.asks("one")
    assert not place.staffed


async def test_somebody_hired_while_the_desk_is_open_takes_calls_at_once(served: ServedDesk) -> None:
    await served.round()
    late = served.hires("late")
    await served.opens_console(late)
    await served.desk.declare(late, Declared.AVAILABLE)
    await served.round()
    assert (await served.asks("one")).staffed


async def test_two_unanswered_offers_are_a_break_with_an_alert_that_the_console_shows(served: ServedDesk) -> None:
    alice = served.hires("alice")
    console = await served.comes(alice)
    await served.asks("one")
    await served.passes(16)
    await served.asks("two")
    await served.passes(16)
    me = told(console, "me")[-1]
    assert (me["declared"], me["break_reason"], me["alert"]) == ("break", "missed_offers", True)


async def test_the_wrap_up_is_kept_also_after_its_time_and_only_by_who_had_the_ticket(served: ServedDesk) -> None:
    alice, bert = served.hires("alice"), served.hires("bert")
    ticket = await wrapping_up(served, alice)
    await served.desk.save_wrap_up(alice, ticket, SHEET, finish=False)
    assert served.ticket(ticket).state is TicketState.WRAP_UP
    with pytest.raises(RefusalError):
        await served.desk.save_wrap_up(bert, ticket, SHEET, finish=False)
    done = await served.desk.save_wrap_up(alice, ticket, SHEET, finish=True)
    assert done.state is TicketState.DONE
    served.clock.pass_(3600)
    await served.round()
    assert ticket not in served.desk.floor.board.tickets, "closed tickets leave the board after a while"
    await served.desk.save_wrap_up(alice, ticket, SHEET, finish=True)
    stored = read_wrap_up(served.database, ticket)
    assert stored is not None
    assert (stored.wrap_up, stored.user, stored.written_at) == (SHEET, alice.id, served.clock.wall())


async def test_more_time_to_write_is_given_once(served: ServedDesk) -> None:
    alice = served.hires("alice")
    ticket = await wrapping_up(served, alice)
    before = served.ticket(ticket).deadline
    after = (await served.desk.extend_wrap_up(alice, ticket)).deadline
    assert before is not None
    assert after == before + timedelta(seconds=30)
    with pytest.raises(RefusalError):
        await served.desk.extend_wrap_up(alice, ticket)


async def test_call_backs_are_taken_tried_and_taken_again(served: ServedDesk) -> None:
    alice = served.hires("alice")
    await served.comes(alice)
    place = await served.asks("one")
    await served.leaves("one")
    assert (await served.desk.take_callback(alice, place.ticket)).state is TicketState.CALLING_BACK
    missed = await served.desk.callback_result(alice, place.ticket, reached=False)
    assert (missed.state, missed.attempts) == (TicketState.CALLBACK_DUE, 1)
    served.clock.pass_(900)
    await served.desk.take_callback(alice, place.ticket)
    reached = await served.desk.callback_result(alice, place.ticket, reached=True)
    assert (reached.state, reached.attempts) == (TicketState.WRAP_UP, 2)


async def test_notes_are_kept_with_who_wrote_them(served: ServedDesk) -> None:
    alice = served.hires("alice")
    place = await served.asks("one")
    await served.desk.note(alice, place.ticket, "  rappeler\n après 18 h ")
    (note,) = notes_of(served.database, place.ticket)
    assert (note.user, note.text) == (alice.id, "rappeler après 18 h")
    for text in ("", "x" * 2001):
        with pytest.raises(InputError):
            await served.desk.note(alice, place.ticket, text)


async def test_a_hint_is_said_by_the_bot_of_that_call_and_has_a_limit(served: ServedDesk) -> None:
    alice = served.hires("alice")
    call = served.rings("one")
    await served.desk.hint(alice, CallId("one"), "Le cabinet ouvre à 8 h.")
    assert call.said == ["Le cabinet ouvre à 8 h."]
    with pytest.raises(InputError):
        await served.desk.hint(alice, CallId("one"), "x" * 301)
    with pytest.raises(NotFoundError):
        await served.desk.hint(alice, CallId("two"), "Bonjour.")


def event(kind: EventKind, t_s: float = 1.0, **data: Any) -> CallEvent:
    return CallEvent(t_s=t_s, kind=kind, data=data)


async def test_what_is_said_in_a_call_is_told_as_it_is_said_and_kept_while_it_lasts(served: ServedDesk) -> None:
    alice = served.hires("alice")
    console = await served.opens_console(alice)
    served.rings("one")
    sink = served.desk.sink(CallId("one"), FIRM_ID)
    sink(event(EventKind.CALL_STARTED, 0.0))
    sink(event(EventKind.BOT_SENTENCE, 0.1, text="Bonjour."))  # decided, not said yet: nobody is told
    sink(event(EventKind.BOT_STARTED, 0.1, text="Bonjour."))
    sink(event(EventKind.SPEECH_STARTED, 1.0, start_s=0.9))
    sink(event(EventKind.PARTIAL, 1.5, text="je voudrais"))
    sink(event(EventKind.CALLER_TURN, 2.0, text="Je voudrais un rendez-vous."))
    updates = news(console)
    assert [(u.kind, u.data.get("speaker"), u.data.get("text"), u.data.get("partial")) for u in updates] == [
        ("call", None, None, None),
        ("turn", "bot", "Bonjour.", False),
        ("turn", "caller", "je voudrais", True),
        ("turn", "caller", "Je voudrais un rendez-vous.", False),
    ]
    snapshot: Any = await served.desk.snapshot(alice)
    assert [turn["text"] for turn in snapshot["calls"][0]["turns"]] == ["Bonjour.", "Je voudrais un rendez-vous."]
    place = await served.asks("one")
    assert told(console, "call")[-1]["ticket"] == place.ticket
    sink(event(EventKind.CALL_ENDED, 9.0, reason="caller_hung_up", outcome="nothing"))
    assert told(console, "call")[-1] == {"id": "one", "gone": True}


async def test_a_call_that_vanishes_without_a_word_leaves_the_consoles(served: ServedDesk) -> None:
    console = await served.opens_console(served.hires("alice"))
    served.rings("one")
    served.desk.sink(CallId("one"), FIRM_ID)(event(EventKind.CALL_STARTED, 0.0))
    served.live.remove(CallId("one"))
    await served.round()
    assert told(console, "call")[-1] == {"id": "one", "gone": True}


async def test_the_file_has_everything_on_one_screen(served: ServedDesk) -> None:
    alice = served.hires("alice")
    past = answer_call(served.database, "past", at=served.clock.wall() - timedelta(days=3))
    end_call(
        served.database, call=past, ended_at=served.clock.wall() - timedelta(days=3), duration_s=60, language="fr",
        end_reason="caller_goodbye", outcome="answered", intent="opening_hours",
    )  # fmt: skip
    book(served.database, past, served)
    message = MessageText(kind="message", person="Jean Petit", phone=CALLER, reason="une ordonnance")
    add_message(served.database, client=FIRM_ID, call=past, text=message, now=served.clock.wall() - timedelta(days=2))
    earlier = await served.asks("earlier", summary="Demande un devis.")
    await served.leaves("earlier", "message")
    place = await served.asks(
        "one", HandoffReason.URGENT, urgency_kind="technical", person="Jean Petit", summary="Une fuite d'eau."
    )
    await served.desk.note(alice, place.ticket, "déjà rappelé hier")
    file: Any = await served.desk.file(alice, place.ticket)
    assert file["ticket"]["id"] == place.ticket
    assert file["greeting"] == "Cabinet Test, bonjour. Que puis-je faire pour vous ?"
    assert file["client"]["open_now"]
    assert file["client"]["hours"][0] == {"day": "mon", "opens": [["09:00", "12:00"], ["14:00", "18:00"]]}
    assert [act["label"] for act in file["consignes"]["acts"]] == ["une consultation", "une visite"]
    assert file["transfers"] == [{"number": "+33639980007", "label": "le portable"}]
    assert [(a["act"], a["person"]) for a in file["agenda"]] == [("une consultation", "Jean Petit")]
    assert [(entry["kind"], entry["text"], entry["outcome"]) for entry in file["history"]] == [
        ("appointment", "une consultation", "booked"),
        ("ticket", "Demande un devis.", "message"),
        ("message", "une ordonnance", None),
        ("call", "opening_hours", "answered"),
    ]
    assert [(note["by"], note["text"]) for note in file["notes"]] == [("Alice", "déjà rappelé hier")]
    assert file["wrap_up"] is None
    assert (file["proposed"]["person"], file["proposed"]["phone"], file["proposed"]["reason"]) == (
        "Jean Petit", CALLER, "Une fuite d'eau.",
    )  # fmt: skip
    assert earlier.ticket != place.ticket
    json.dumps(file)


def book(database: Database, call: CallId, served: ServedDesk) -> None:
    starts = served.clock.wall() + timedelta(days=1)
    ends = starts + timedelta(minutes=30)
    stretch = Stretch(act=ActId("consultation"), practitioner=None, starts=starts, ends=ends, busy_to=ends, zone="Europe/Paris")
    now = served.clock.wall() - timedelta(days=3)
    hold = hold_stretch(database, client=FIRM_ID, call=call, stretch=stretch, now=now, expires_at=now + timedelta(minutes=5))
    booking = Booking(person="Jean Petit", phone=CALLER, unsure=(), note="")
    book_hold(database, hold=hold, call=call, starts=starts, practitioner=None, booking=booking, now=now)


async def test_the_file_of_a_line_of_nobody_is_read_all_the_same(served: ServedDesk) -> None:
    alice = served.hires("alice")
    served.rings("one")
    asked = HandoffRequest(reason=HandoffReason.ASKED, urgency_kind=None, summary="?", transcript=(), caller=CALLER)
    place = await asyncio.to_thread(served.handoff.request, CallId("one"), None, asked, now=served.clock.wall())
    file: Any = await served.desk.file(alice, place.ticket)
    assert (file["client"], file["agenda"], file["consignes"]["acts"]) == (None, [], [])


async def test_the_figures_count_what_happens(served: ServedDesk) -> None:
    alice = served.hires("alice")
    await served.comes(alice)
    served.rings("two", caller=None)
    await served.asks("one")
    await served.asks("two")
    await served.asks("three")
    await served.leaves("two")
    await served.round()
    served.clock.pass_(5)
    figures = served.desk.figures()
    assert (figures.waiting, figures.longest_wait_s, figures.connected, figures.available, figures.free) == (2, 5.0, 1, 1, 0)
    assert (figures.events["opened"], figures.events["offered"], figures.lost) == (3, 1, {"abandoned": 1})
