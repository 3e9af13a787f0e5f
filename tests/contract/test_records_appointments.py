from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlmodel import col, select

from tests.fakes.firms import TWO_DOCTORS, a_firm, a_slot, paris
from tests.fakes.stored import FIRM_ID, NOW, answer_call, register_firm
from voicebot.booking.agenda import Agenda
from voicebot.booking.slots import Slot
from voicebot.core.errors import RecordsError, SlotTakenError
from voicebot.core.ids import ActId, AppointmentId, CallId, HoldId
from voicebot.nlu.slots import DateTimeWish
from voicebot.records.database import Database
from voicebot.records.tables import AppointmentRow

TEN = paris(2027, 3, 25, 10, 0)


@pytest.fixture
def agenda(database: Database) -> Agenda:
    register_firm(database)
    for name in ("one", "two"):
        answer_call(database, name)
    return Agenda(database)


ONE, TWO = CallId("one"), CallId("two")
FIRM = a_firm()


def book(agenda: Agenda, hold: HoldId, slot: Slot, call: CallId = ONE, now: datetime = NOW) -> AppointmentId:
    return agenda.book(hold, slot, call=call, person="Jean Dupont", phone=None, unsure=("person",), note="genou", now=now)


def test_what_is_booked_is_read_back_in_the_zone_of_the_client(agenda: Agenda) -> None:
    slot = a_slot(TEN)
    booked = book(agenda, agenda.hold(ONE, FIRM, slot, now=NOW), slot)
    stored = agenda.appointment(booked)
    assert stored is not None
    assert (stored.starts, stored.starts.strftime("%H:%M")) == (TEN, "10:00")
    assert (stored.act, stored.practitioner, stored.call) == ("consultation", None, ONE)
    assert (stored.booking.person, stored.booking.unsure, stored.booking.note) == ("Jean Dupont", ("person",), "genou")
    assert agenda.appointments(FIRM, NOW, NOW + timedelta(days=7)) == (stored,)


def test_a_held_slot_is_taken_for_others_and_no_longer_proposed_to_them(agenda: Agenda) -> None:
    agenda.hold(ONE, FIRM, a_slot(TEN), now=NOW)
    with pytest.raises(SlotTakenError, match="2027-03-25 10:15 is no longer free"):
        agenda.hold(TWO, FIRM, a_slot(paris(2027, 3, 25, 10, 15)), now=NOW)
    wish = DateTimeWish(date=date(2027, 3, 25), time=TEN.time())
    assert not agenda.find(FIRM, ActId("consultation"), None, wish, now=NOW, call=TWO).exact
    assert agenda.find(FIRM, ActId("consultation"), None, wish, now=NOW, call=ONE).exact


def test_slots_that_touch_do_not_collide_but_the_buffer_counts(agenda: Agenda) -> None:
    agenda.hold(ONE, FIRM, a_slot(TEN), now=NOW)
    agenda.hold(TWO, FIRM, a_slot(paris(2027, 3, 25, 10, 30)), now=NOW)
    with pytest.raises(SlotTakenError):
        agenda.hold(TWO, FIRM, a_slot(paris(2027, 3, 25, 9, 0), act="visite", minutes=60), now=NOW)


def test_a_released_hold_frees_the_slot(agenda: Agenda) -> None:
    agenda.release(agenda.hold(ONE, FIRM, a_slot(TEN), now=NOW))
    agenda.hold(TWO, FIRM, a_slot(TEN), now=NOW)
    agenda.release(HoldId(999))


def test_releasing_a_booked_hold_does_not_undo_the_appointment(agenda: Agenda) -> None:
    hold = agenda.hold(ONE, FIRM, a_slot(TEN), now=NOW)
    book(agenda, hold, a_slot(TEN))
    agenda.release(hold)
    with pytest.raises(SlotTakenError):
        agenda.hold(TWO, FIRM, a_slot(TEN), now=NOW)


def test_a_hold_expires_and_the_slot_goes_to_who_comes_first(agenda: Agenda) -> None:
    first = agenda.hold(ONE, FIRM, a_slot(TEN), now=NOW)
    with pytest.raises(SlotTakenError):
        agenda.hold(TWO, FIRM, a_slot(TEN), now=NOW + timedelta(minutes=4))
    later = NOW + timedelta(minutes=5)
    second = agenda.hold(TWO, FIRM, a_slot(TEN), now=later)
    book(agenda, second, a_slot(TEN), TWO, later)
    with pytest.raises(SlotTakenError):
        book(agenda, first, a_slot(TEN), ONE, later)


def test_an_expired_hold_still_books_when_nobody_came(agenda: Agenda) -> None:
    hold = agenda.hold(ONE, FIRM, a_slot(TEN), now=NOW)
    assert book(agenda, hold, a_slot(TEN), now=NOW + timedelta(hours=1))


def test_booking_again_gives_the_same_appointment(agenda: Agenda) -> None:
    hold = agenda.hold(ONE, FIRM, a_slot(TEN), now=NOW)
    assert book(agenda, hold, a_slot(TEN)) == book(agenda, hold, a_slot(TEN))
    assert len(agenda.appointments(FIRM, NOW, NOW + timedelta(days=7))) == 1


def test_a_call_that_holds_again_gives_up_its_overlapping_hold(agenda: Agenda) -> None:
    agenda.hold(ONE, FIRM, a_slot(TEN), now=NOW)
    agenda.hold(ONE, FIRM, a_slot(paris(2027, 3, 25, 10, 15)), now=NOW)
    agenda.hold(TWO, FIRM, a_slot(paris(2027, 3, 25, 9, 45)), now=NOW)


def test_a_hold_books_only_its_own_slot_and_only_for_its_own_call(agenda: Agenda) -> None:
    hold = agenda.hold(ONE, FIRM, a_slot(TEN), now=NOW)
    with pytest.raises(RecordsError, match="another slot"):
        book(agenda, hold, a_slot(paris(2027, 3, 25, 11, 0)))
    with pytest.raises(RecordsError, match="of call two is unknown"):
        book(agenda, hold, a_slot(TEN), TWO)


def test_two_practitioners_have_two_agendas_and_a_firm_wide_appointment_fills_both(agenda: Agenda) -> None:
    firm = a_firm(people=TWO_DOCTORS)
    agenda.hold(ONE, firm, a_slot(TEN, practitioner="martin"), now=NOW)
    agenda.hold(TWO, firm, a_slot(TEN, practitioner="bernard"), now=NOW)
    with pytest.raises(SlotTakenError):
        agenda.hold(TWO, firm, a_slot(TEN), now=NOW)


def test_an_act_that_the_client_does_not_have_is_refused(agenda: Agenda) -> None:
    with pytest.raises(RecordsError, match="no act 'massage'"):
        agenda.find(FIRM, ActId("massage"), None, DateTimeWish(), now=NOW)
    with pytest.raises(RecordsError, match="no act 'massage'"):
        agenda.hold(ONE, FIRM, a_slot(TEN, act="massage"), now=NOW)


def test_the_hour_shown_twice_in_autumn_is_two_different_slots(agenda: Agenda) -> None:
    first = a_slot(datetime(2027, 10, 31, 0, 30, tzinfo=UTC).astimezone(TEN.tzinfo))
    second = a_slot(datetime(2027, 10, 31, 1, 30, tzinfo=UTC).astimezone(TEN.tzinfo))
    assert first.starts.strftime("%H:%M") == second.starts.strftime("%H:%M") == "02:30"
    agenda.hold(ONE, FIRM, first, now=NOW)
    agenda.hold(TWO, FIRM, second, now=NOW)


def test_the_database_itself_refuses_two_booked_appointments_at_one_start(agenda: Agenda, database: Database) -> None:
    book(agenda, agenda.hold(ONE, FIRM, a_slot(TEN), now=NOW), a_slot(TEN))
    with database.session() as session:
        row = session.exec(select(AppointmentRow)).one()
    with pytest.raises(RecordsError), database.transaction() as session:
        session.add(AppointmentRow(**row.model_dump(exclude={"id"})))


def test_fifty_calls_at_once_never_book_two_overlapping_appointments(agenda: Agenda, database: Database) -> None:
    """Each takes what it is proposed, then insists on what others have: R1."""
    calls = [answer_call(database, f"call-{number}") for number in range(50)]
    begin = threading.Barrier(len(calls))
    booked: list[AppointmentId] = []
    refused: list[SlotTakenError] = []
    failed: list[BaseException] = []

    def attempt(number: int, call: CallId) -> None:
        starts = paris(2027, 3, 25, 9, 0) + timedelta(minutes=15 * (number % 12))
        slot = a_slot(starts)
        try:
            begin.wait()
            hold = agenda.hold(call, FIRM, slot, now=NOW)
            booked.append(book(agenda, hold, slot, call))
        except SlotTakenError as error:
            refused.append(error)
        except BaseException as error:  # noqa: BLE001 (shown by the assertion below)
            failed.append(error)

    threads = [threading.Thread(target=attempt, args=(number, call)) for number, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(booked) + len(refused) == 50
    stored = agenda.appointments(FIRM, NOW, NOW + timedelta(days=7))
    assert {appointment.id for appointment in stored} == set(booked)
    assert all(one.ends <= other.starts for one, other in pairwise(stored))
    assert 4 <= len(stored) <= 6, "three hours of half-hours, at most one lost to each neighbour"


def test_a_cancelled_appointment_frees_its_slot(agenda: Agenda, database: Database) -> None:
    book(agenda, agenda.hold(ONE, FIRM, a_slot(TEN), now=NOW), a_slot(TEN))
    with database.transaction() as session:
        row = session.exec(select(AppointmentRow).where(col(AppointmentRow.client_id) == FIRM_ID)).one()
        row.status = "cancelled"
        session.add(row)
    assert agenda.appointments(FIRM, NOW, NOW + timedelta(days=7)) == ()
    book(agenda, agenda.hold(TWO, FIRM, a_slot(TEN), now=NOW), a_slot(TEN), TWO)
