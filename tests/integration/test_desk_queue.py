"""The desk's side of a call that waits for a human, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from unittest.mock import ANY

import pytest

from escalation.live_handoff import LiveHandoff
from tests.fakes.served_desk import CALLER, OTHER_ID, ServedDesk, register_firms
from tests.fakes.stored import FIRM_ID
from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId
from voicebot.core.secretaries import Declared
from voicebot.core.tickets import TicketState
from voicebot.handoff.events import HumanComing, HumanConnected, HumanLeft, PlaceChanged, Waited
from voicebot.handoff.requests import HandoffReason, HandoffRequest
from voicebot.records.database import Database
from voicebot.records.tickets import read_ticket, ticket_history


@pytest.fixture
async def served(database: Database) -> AsyncIterator[ServedDesk]:
    register_firms(database)
    served = ServedDesk(database)
    await served.desk.adopt()
    yield served
    await served.close()


async def test_a_call_that_asks_is_told_its_place_and_whether_anybody_is_there(served: ServedDesk) -> None:
    alone = await served.asks("one")
    assert (alone.live, alone.staffed, alone.position) == (True, False, 1)
    await served.comes(served.hires())
    second = await served.asks("two")
    assert (second.staffed, second.position) == (True, 2)


async def test_from_the_offer_to_the_end_of_the_file(served: ServedDesk) -> None:
    alice = served.hires(name="Alice Martin")
    await served.comes(alice)
    place = await served.asks("one")
    await served.round()
    assert served.ticket(place.ticket).state is TicketState.OFFERED
    await served.desk.accept(alice, place.ticket)
    assert served.hears("one") == [HumanComing(name="Alice")]
    await served.talks(alice, place.ticket)
    assert served.hears("one") == [HumanConnected(name="Alice")]
    await served.desk.hang_up(alice, place.ticket)
    assert served.hears("one") == [HumanLeft(how="ended")]
    await served.passes(31)
    done = read_ticket(served.database, place.ticket)
    assert done is not None
    assert (done.state, done.secretary) == (TicketState.DONE, alice.id)
    kinds = [stored.event.kind for stored in ticket_history(served.database, place.ticket)]
    assert kinds == ["opened", "offered", "accepted", "audio_connected", "talk_ended", "wrap_up_ended"]


async def test_a_call_that_asks_again_keeps_its_ticket_and_rank_and_only_rises(served: ServedDesk) -> None:
    first = await served.asks("one")
    served.clock.pass_(20)
    again = await served.asks("one", HandoffReason.URGENT, urgency_kind="technical", summary="Une fuite.")
    lower = await served.asks("one", HandoffReason.FAILED, summary="Une grosse fuite.")
    ticket = served.ticket(first.ticket)
    assert {first.ticket, again.ticket, lower.ticket} == {ticket.id}
    assert (ticket.reason, ticket.urgency_kind, ticket.base_score, ticket.summary) == (
        "urgent",
        "technical",
        600,
        "Une grosse fuite.",
    )
    stored = read_ticket(served.database, ticket.id)
    assert stored == ticket
    assert (served.clock.wall() - ticket.waiting_since).total_seconds() == 20


async def test_scores_are_those_of_the_client(database: Database) -> None:
    register_firms(database)
    served = ServedDesk(database, queue={"scores": {"urgent": 900, "vip": 1, "asked": 2, "failed": 3}})
    places = [await served.asks(reason, HandoffReason(reason)) for reason in ("urgent", "vip", "asked", "failed")]
    assert [served.ticket(place.ticket).base_score for place in places] == [900, 1, 2, 3]
    await served.close()


async def test_behind_the_most_that_may_wait_a_caller_is_told_that_nobody_is_free(database: Database) -> None:
    register_firms(database)
    served = ServedDesk(database, queue={"max_waiting": 2})
    await served.comes(served.hires())
    places = [await served.asks(name) for name in ("one", "two", "three")]
    assert [place.staffed for place in places] == [True, True, False]
    other_firm = served.rings("four", client=OTHER_ID)
    assert (await served.asks(other_firm.id)).staffed, "the queue of another client is not counted"
    await served.leaves("one")
    await served.passes(3.5)
    assert PlaceChanged(position=2, estimate_s=ANY, staffed=True) in served.hears("three")
    await served.close()


async def test_a_caller_who_hangs_up_is_called_back_and_one_without_a_number_is_not(served: ServedDesk) -> None:
    known = await served.asks("one")
    served.rings("two", caller=None)
    hidden = await served.asks("two")
    await served.leaves("one")
    await served.leaves("two")
    assert served.ticket(known.ticket).state is TicketState.CALLBACK_DUE
    assert served.ticket(hidden.ticket).state is TicketState.ABANDONED


async def test_a_caller_who_wants_a_call_back_may_give_another_number(served: ServedDesk) -> None:
    place = await served.asks("one")
    await served.leaves("one", "callback", phone="+33639980009")
    ticket = served.ticket(place.ticket)
    assert (ticket.state, ticket.left, ticket.caller) == (TicketState.CALLBACK_DUE, "callback", "+33639980009")


async def test_who_left_a_message_is_not_called_back(served: ServedDesk) -> None:
    place = await served.asks("one")
    await served.leaves("one", "message")
    assert served.ticket(place.ticket).state is TicketState.OVERFLOWED


async def test_leaving_without_a_ticket_does_nothing(served: ServedDesk) -> None:
    served.rings("one")
    await served.leaves("one")
    assert not served.desk.floor.board.tickets


async def test_who_rings_again_within_ten_minutes_finds_the_ticket_and_the_rank_again(served: ServedDesk) -> None:
    first = await served.asks("one")
    served.clock.pass_(100)
    await served.leaves("one")
    served.clock.pass_(590)
    assert served.handoff.returning(FIRM_ID, CALLER, now=served.clock.wall())
    again = await served.asks("two", summary="Toujours la panne.")
    ticket = served.ticket(first.ticket)
    assert again.ticket == first.ticket
    assert (ticket.state, ticket.call, ticket.summary) == (TicketState.WAITING, "two", "Toujours la panne.")
    assert (served.clock.wall() - ticket.waiting_since).total_seconds() == 690
    await served.passes(59)
    assert not [event for event in served.hears("two") if isinstance(event, Waited)], "this call has waited for 59 s"
    await served.passes(1)
    assert Waited(level=1) in served.hears("two")


async def test_who_rings_again_later_or_with_another_client_begins_anew(served: ServedDesk) -> None:
    first = await served.asks("one")
    await served.leaves("one")
    served.rings("two", client=OTHER_ID)
    other = await served.asks("two")
    served.clock.pass_(601)
    assert not served.handoff.returning(FIRM_ID, CALLER, now=served.clock.wall())
    late = await served.asks("three")
    assert len({first.ticket, other.ticket, late.ticket}) == 3


async def test_limits_of_waiting_are_told_once_each_and_not_while_somebody_is_coming(served: ServedDesk) -> None:
    alice = served.hires()
    place = await served.asks("one")
    told = []
    for _ in range(200):
        await served.passes(1, step_s=1)
        told += [(event.level, served.clock.now_s()) for event in served.hears("one") if isinstance(event, Waited)]
    assert told == [(1, 60.0), (2, 120.0), (3, 180.0)]
    await served.comes(alice)
    two = await served.asks("two")
    await served.desk.accept(alice, two.ticket)
    served.hears("two")
    served.clock.pass_(70)
    assert served.hears("two") == []
    assert place.ticket != two.ticket


async def test_places_are_told_when_they_change_and_at_once_when_nobody_is_there_any_more(served: ServedDesk) -> None:
    alice = served.hires()
    await served.comes(alice)
    await served.asks("one")
    await served.asks("two")
    await served.passes(10)
    assert served.hears("two") == [], "nothing has changed"
    await served.leaves("one")
    await served.passes(3.5)
    assert served.hears("two") == [PlaceChanged(position=1, estimate_s=ANY, staffed=True)]
    await served.desk.declare(alice, Declared.BREAK, "lunch")
    await served.round()
    assert served.hears("two") == [PlaceChanged(position=1, estimate_s=None, staffed=False)]


async def test_names_told_to_callers_are_first_names_unless_there_is_a_title(served: ServedDesk) -> None:
    for name, said in (("Alice Martin", "Alice"), ("Mme Petit", "Mme Petit"), ("Zoé", "Zoé")):
        user = served.hires(name.lower().replace(" ", "."), name=name)
        await served.comes(user)
        assert served.desk.floor.said_name(user.id) == said


async def test_a_request_that_the_desk_cannot_answer_fails_in_time_instead_of_hanging(served: ServedDesk) -> None:
    served.rings("one")
    impatient = LiveHandoff(served.desk, loop=asyncio.get_running_loop(), answer_within_s=0.05)
    request = HandoffRequest(reason=HandoffReason.ASKED, urgency_kind=None, summary="", transcript=())
    async with served.desk.floor.ledger._lock:
        with pytest.raises(RecordsError, match="did not answer within"):
            await asyncio.to_thread(impatient.request, CallId("one"), FIRM_ID, request, now=served.clock.wall())


async def test_a_request_to_a_desk_that_is_closed_is_refused(served: ServedDesk) -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    with pytest.raises(RecordsError, match="closed"):
        LiveHandoff(served.desk, loop=loop).leave(CallId("one"), "hung_up", phone=None, now=served.clock.wall())


async def test_a_desk_that_is_closed_says_so_to_the_last_calls(served: ServedDesk) -> None:
    await served.asks("one")
    await served.close()
    with pytest.raises(RecordsError, match="closed"):
        await served.leaves("one")


async def test_a_call_unknown_to_the_database_is_refused(served: ServedDesk) -> None:
    served.rings("one", known=True)
    with pytest.raises(RecordsError):
        await served.asks("one")


async def test_a_call_that_leaves_the_queue_and_asks_again_later_waits_anew(served: ServedDesk) -> None:
    first = await served.asks("one")
    line = served.calls["one"].line
    await served.passes(70, step_s=10)
    assert Waited(level=1) in served.hears("one")
    await served.leaves("one", "answered")
    served.clock.pass_(60)
    second = await served.asks("one")
    assert second.ticket != first.ticket
    assert served.calls["one"].line is line, "a call keeps its line"
    await served.passes(50, step_s=10)
    assert not [event for event in served.hears("one") if isinstance(event, Waited)]
    await served.passes(10, step_s=10)
    assert Waited(level=1) in served.hears("one")
