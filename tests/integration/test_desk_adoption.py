"""A process takes the queue over from one that was killed: nobody loses the rank, whoever is not found again is called back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from accounts.users import User
from escalation.bridge import Phase
from tests.fakes.hand_clock import HandClock
from tests.fakes.served_desk import ServedDesk, register_firms
from voicebot.core.errors import RefusalError
from voicebot.core.ids import TicketId
from voicebot.core.secretaries import Declared
from voicebot.core.tickets import TicketState
from voicebot.handoff.events import HumanConnected, HumanLeft, PlaceChanged, Waited
from voicebot.records.database import Database
from voicebot.records.tickets import ticket_history


@pytest.fixture
async def killed(database: Database) -> AsyncIterator[ServedDesk]:
    """The process that will be killed."""
    register_firms(database)
    served = ServedDesk(database)
    await served.desk.adopt()
    yield served
    await served.close()


async def restarted(killed: ServedDesk, after_s: float = 3.0) -> ServedDesk:
    """The process that follows it."""
    killed.clock.pass_(after_s)
    served = ServedDesk(killed.database, clock=HandClock(killed.clock.wall()))
    await served.desk.adopt()
    return served


async def found_again(served: ServedDesk, name: str = "one") -> None:
    """The caller is found again, and the call taken up."""
    call = served.rings(name, known=True)
    call.line = served.handoff.attend(call.id)
    await served.round()


async def here(served: ServedDesk, user: User) -> None:
    await served.opens_console(user)
    await served.round()


async def test_a_caller_found_again_goes_on_waiting_with_the_original_waiting_time(killed: ServedDesk) -> None:
    alice = killed.hires()
    await killed.comes(alice)
    await killed.desk.declare(alice, Declared.BREAK, "lunch")
    place = await killed.asks("one")
    since = killed.ticket(place.ticket).waiting_since
    served = await restarted(killed)
    await here(served, alice)
    await served.desk.declare(alice, Declared.AVAILABLE)
    await served.passes(10)
    assert served.ticket(place.ticket).state is TicketState.WAITING, "offered to nobody before the caller is there"
    await found_again(served)
    await served.passes(1)
    ticket = served.ticket(place.ticket)
    assert (ticket.state, ticket.waiting_since) == (TicketState.OFFERED, since)
    assert served.hears("one")[0] == PlaceChanged(position=1, estimate_s=0.0, staffed=True)
    assert "readopted" in [stored.event.kind for stored in ticket_history(served.database, place.ticket)]
    await served.close()


async def test_who_is_not_found_again_is_called_back_or_abandoned_without_a_number(killed: ServedDesk) -> None:
    known = await killed.asks("one")
    killed.rings("two", caller=None)
    hidden = await killed.asks("two")
    served = await restarted(killed)
    await served.passes(29)
    assert served.ticket(known.ticket).state is TicketState.WAITING
    await served.passes(1.5)
    assert (served.ticket(known.ticket).state, served.ticket(known.ticket).left) == (TicketState.CALLBACK_DUE, "cut")
    assert served.ticket(hidden.ticket).state is TicketState.ABANDONED
    await served.close()


async def test_nobody_can_take_a_ticket_whose_caller_is_not_there_yet(killed: ServedDesk) -> None:
    alice = killed.hires()
    place = await killed.asks("one")
    served = await restarted(killed)
    await here(served, alice)
    await served.desk.declare(alice, Declared.AVAILABLE)
    with pytest.raises(RefusalError) as refused:
        await served.desk.accept(alice, place.ticket)
    assert refused.value.why == "gone"
    await served.close()


@pytest.mark.parametrize("accepted", [False, True])
async def test_what_was_offered_or_being_connected_is_back_in_the_queue(killed: ServedDesk, accepted: bool) -> None:
    alice = killed.hires()
    await killed.comes(alice)
    place = await killed.asks("one")
    await killed.round()
    if accepted:
        await killed.desk.accept(alice, place.ticket)
    since = killed.ticket(place.ticket).waiting_since
    served = await restarted(killed)
    ticket = served.ticket(place.ticket)
    assert (ticket.state, ticket.secretary, ticket.waiting_since) == (TicketState.WAITING, None, since)
    assert alice.id not in ticket.refused_by
    await here(served, alice)
    await found_again(served)
    await served.passes(1)
    assert served.ticket(place.ticket).state is TicketState.OFFERED
    await served.close()


async def talk(killed: ServedDesk) -> tuple[User, TicketId]:
    alice = killed.hires(name="Alice Martin")
    await killed.comes(alice)
    place = await killed.asks("one")
    await killed.round()
    await killed.desk.accept(alice, place.ticket)
    await killed.talks(alice, place.ticket)
    return alice, place.ticket


async def test_a_conversation_goes_on_once_both_are_found_again(killed: ServedDesk) -> None:
    alice, number = await talk(killed)
    served = await restarted(killed)
    await here(served, alice)
    await found_again(served)
    assert served.hears("one") == [HumanConnected(name="Alice")]
    line = served.calls["one"].line
    assert line is not None
    assert line.on_hold, "music until she is there"
    await served.passes(20)
    leg = served.desk.secretary_leg(alice, number)
    leg.push(bytes(640))
    assert (leg.phase, line.on_hold) == (Phase.TALKING, False)
    await served.passes(5)
    assert served.ticket(number).state is TicketState.TALKING
    await served.close()


async def test_a_conversation_whose_secretary_does_not_come_back_waits_again(killed: ServedDesk) -> None:
    alice, number = await talk(killed)
    since = killed.ticket(number).waiting_since
    served = await restarted(killed)
    await found_again(served)
    await served.passes(39)
    assert served.ticket(number).secretary == alice.id
    await served.passes(3)
    assert (served.ticket(number).state, served.ticket(number).waiting_since) == (TicketState.WAITING, since)
    assert HumanLeft(how="lost") in served.hears("one")
    await served.close()


async def test_a_conversation_whose_caller_does_not_come_back_becomes_a_call_back(killed: ServedDesk) -> None:
    alice, number = await talk(killed)
    served = await restarted(killed)
    await here(served, alice)
    leg = served.desk.secretary_leg(alice, number)
    for _ in range(31):
        leg.push(bytes(640))
        await served.passes(1)
    assert served.ticket(number).state is TicketState.CALLBACK_DUE
    assert leg.phase is Phase.ENDED
    await served.close()


async def test_wrap_ups_and_call_backs_go_on_where_they_stood(killed: ServedDesk) -> None:
    alice, number = await talk(killed)
    await killed.desk.hang_up(alice, number)
    deadline = killed.ticket(number).deadline
    due = await killed.asks("two")
    await killed.leaves("two")
    served = await restarted(killed, after_s=10)
    assert served.ticket(number).deadline == deadline
    assert served.ticket(due.ticket).state is TicketState.CALLBACK_DUE
    await served.passes(21)
    assert served.ticket(number).state is TicketState.DONE
    assert served.ticket(due.ticket).state is TicketState.CALLBACK_DUE
    await served.close()


async def test_of_the_limits_of_waiting_only_what_is_still_ahead_is_told(killed: ServedDesk) -> None:
    await killed.asks("one")
    killed.clock.pass_(62)
    served = await restarted(killed, after_s=3)
    await found_again(served)
    assert not [event for event in served.hears("one") if isinstance(event, Waited)]
    await served.passes(55)
    assert [event for event in served.hears("one") if isinstance(event, Waited)] == [Waited(level=2)]
    await served.close()


async def test_a_wait_that_is_over_is_told_at_once(killed: ServedDesk) -> None:
    await killed.asks("one")
    killed.clock.pass_(177)
    served = await restarted(killed, after_s=5)
    await found_again(served)
    assert [event for event in served.hears("one") if isinstance(event, Waited)] == [Waited(level=3)]
    await served.close()


async def test_a_call_that_breaks_down_without_a_word_does_not_stay_in_the_queue(killed: ServedDesk) -> None:
    place = await killed.asks("one")
    killed.live.remove(killed.calls["one"].id)
    await killed.passes(29)
    assert killed.ticket(place.ticket).state is TicketState.WAITING
    await killed.passes(2)
    assert killed.ticket(place.ticket).state is TicketState.CALLBACK_DUE


async def test_a_rank_survives_a_restart(killed: ServedDesk) -> None:
    killed.hires()
    first = await killed.asks("one")
    killed.clock.pass_(5)
    await killed.asks("two")
    served = await restarted(killed)
    await found_again(served, "two")
    await found_again(served, "one")
    await served.passes(4)
    positions = {name: [e.position for e in served.hears(name) if isinstance(e, PlaceChanged)][-1] for name in ("one", "two")}
    assert positions == {"one": 1, "two": 2}
    assert served.ticket(first.ticket).waiting_since == killed.clock.wall() - timedelta(seconds=8)
    await served.close()
