"""Conversations at a served desk: when both are connected, lost, held, ended, passed on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from accounts.users import User
from escalation.bridge import Phase
from escalation.legs import SecretaryLeg
from tests.fakes.served_desk import ServedDesk, register_firms
from voicebot.audio.tones import sine
from voicebot.core.audio import AudioChunk, Samples, silence
from voicebot.core.errors import RefusalError, SynthesisError, TransferError
from voicebot.core.ids import CallId, TicketId
from voicebot.core.language import Language
from voicebot.core.tickets import TicketState
from voicebot.handoff.events import HumanComing, HumanConnected, HumanLeft, PlaceChanged, Waited
from voicebot.records.database import Database
from voicebot.records.tickets import ticket_history

MOBILE = "+33639980007"
QUEUE = {"transfers": [{"number": MOBILE, "label": "le portable du docteur Martin"}]}
LOUD = np.full(160, 5000, np.int16)
VOICE = np.full(320, 5000, "<i2").tobytes()


@pytest.fixture
async def served(database: Database) -> AsyncIterator[ServedDesk]:
    register_firms(database)
    served = ServedDesk(database, queue=QUEUE)
    await served.desk.adopt()
    yield served
    await served.close()


async def accepted(served: ServedDesk, name: str = "one", *, spoken: bool = False) -> tuple[User, TicketId]:
    """A secretary has accepted a call; its line has been read."""
    alice = served.hires("alice")
    await served.comes(alice)
    place = await served.asks(name)
    await served.round()
    await served.desk.accept(alice, place.ticket, spoken=spoken)
    served.hears(name)
    return alice, place.ticket


async def talking(served: ServedDesk) -> tuple[User, TicketId, SecretaryLeg]:
    alice, ticket = await accepted(served)
    leg = await served.talks(alice, ticket)
    served.hears("one")
    return alice, ticket, leg


async def hears_each_other(served: ServedDesk, leg: SecretaryLeg) -> tuple[bool, bool]:
    """Whether the secretary hears the caller, and the caller the secretary."""
    line = served.calls["one"].line
    assert line is not None
    to_secretary, to_caller = [], []
    for _ in range(20):
        line.send(AudioChunk(samples=LOUD, rate_hz=8000))
        leg.push(VOICE)
        to_secretary.append(any(await leg.pull()))
        chunk = line.receive()
        to_caller.append(chunk is not None and bool(chunk.samples.any()))
    return any(to_secretary), any(to_caller)


async def test_both_are_connected_once_her_microphone_is_heard(served: ServedDesk) -> None:
    alice, ticket = await accepted(served)
    leg = served.desk.secretary_leg(alice, ticket)
    await leg.pull()
    await served.round()
    assert leg.phase is Phase.BRIEFING, "a browser without a microphone sends nothing"
    assert await hears_each_other(served, leg) == (False, False)
    await served.round()
    assert served.ticket(ticket).state is TicketState.TALKING
    assert served.hears("one") == [HumanConnected(name="Alice")]
    assert await hears_each_other(served, leg) == (True, True)


async def test_a_secretary_whose_audio_does_not_come_loses_the_call_to_the_queue(served: ServedDesk) -> None:
    _, ticket = await accepted(served)
    since = served.ticket(ticket).waiting_since
    await served.passes(9.5)
    assert served.ticket(ticket).state is TicketState.CONNECTING
    await served.passes(1)
    assert served.ticket(ticket).state in {TicketState.WAITING, TicketState.OFFERED}
    assert served.ticket(ticket).waiting_since == since
    told = served.hears("one")
    assert told[0] == HumanLeft(how="lost")
    assert not any(isinstance(event, HumanConnected) for event in told)


async def test_a_line_lost_in_the_conversation_may_come_back_while_the_caller_hears_music(served: ServedDesk) -> None:
    alice, ticket, leg = await talking(served)
    leg.close()
    line = served.calls["one"].line
    assert line is not None
    assert line.on_hold
    await served.passes(9)
    again = served.desk.secretary_leg(alice, ticket)
    assert not line.on_hold
    again.push(VOICE)
    await served.passes(8)
    assert served.ticket(ticket).state is TicketState.TALKING
    assert await hears_each_other(served, again) == (True, True)


async def test_a_line_that_stays_lost_gives_the_caller_back_to_the_queue_with_the_old_rank(served: ServedDesk) -> None:
    _, ticket, leg = await talking(served)
    since = served.ticket(ticket).waiting_since
    leg.close()
    await served.passes(10.5)
    assert served.ticket(ticket).state in {TicketState.WAITING, TicketState.OFFERED}
    assert served.ticket(ticket).waiting_since == since
    assert served.hears("one")[0] == HumanLeft(how="lost")
    assert leg.phase is Phase.ENDED


async def test_a_browser_that_falls_silent_counts_as_lost(served: ServedDesk) -> None:
    _, ticket, leg = await talking(served)
    for _ in range(20):
        leg.push(VOICE)
        await served.passes(1)
    assert served.ticket(ticket).state is TicketState.TALKING
    await served.passes(10.5)
    assert served.ticket(ticket).state in {TicketState.WAITING, TicketState.OFFERED}


async def test_time_with_a_secretary_does_not_bring_the_limits_of_waiting_nearer(served: ServedDesk) -> None:
    _, _, leg = await talking(served)
    for _ in range(300):
        leg.push(VOICE)
        served.clock.pass_(1)
    leg.close()
    await served.passes(11)
    assert not [event for event in served.hears("one") if isinstance(event, Waited)]
    await served.passes(60)
    assert Waited(level=1) in served.hears("one")


async def test_on_hold_neither_hears_the_other_however_long(served: ServedDesk) -> None:
    alice, ticket, leg = await talking(served)
    await served.desk.hold(alice, ticket, on=True)
    line = served.calls["one"].line
    assert line is not None
    assert line.on_hold
    assert await hears_each_other(served, leg) == (False, False)
    await served.passes(60)
    assert served.ticket(ticket).state is TicketState.TALKING, "a muted browser is no lost one while she holds the caller"
    await served.desk.hold(alice, ticket, on=False)
    assert await hears_each_other(served, leg) == (True, True)


async def test_the_caller_who_hangs_up_leaves_her_to_write(served: ServedDesk) -> None:
    _, ticket, leg = await talking(served)
    await served.leaves("one")
    assert served.ticket(ticket).state is TicketState.WRAP_UP
    assert leg.phase is Phase.ENDED
    assert await leg.pull() == b""


async def test_she_gives_the_caller_back_to_the_bot(served: ServedDesk) -> None:
    alice, ticket, leg = await talking(served)
    await served.desk.give_back(alice, ticket)
    assert served.hears("one") == [HumanLeft(how="given_back")]
    assert leg.phase is Phase.ENDED
    second = await served.asks("one")
    await served.passes(31)
    assert second.ticket != ticket, "what she had is written up; the call waits anew"
    assert served.ticket(second.ticket).state in {TicketState.WAITING, TicketState.OFFERED}


async def test_the_end_of_an_earlier_file_does_not_touch_a_later_conversation_of_the_call(served: ServedDesk) -> None:
    alice, ticket, _ = await talking(served)
    await served.desk.give_back(alice, ticket)
    bert = served.hires("bert")
    await served.comes(bert)
    second = await served.asks("one")
    await served.round()
    await served.desk.accept(bert, second.ticket)
    leg = await served.talks(bert, second.ticket)
    served.clock.pass_(31)
    leg.push(VOICE)
    await served.round()
    assert served.ticket(ticket).state is TicketState.DONE
    assert await hears_each_other(served, leg) == (True, True)


async def test_who_changes_her_mind_before_the_audio_is_there_gives_the_call_to_the_next(served: ServedDesk) -> None:
    alice, ticket = await accepted(served)
    await served.desk.hang_up(alice, ticket)
    assert served.ticket(ticket).state is TicketState.WAITING
    assert served.hears("one") == [HumanLeft(how="lost")]


async def test_only_she_who_has_the_ticket_gets_its_audio(served: ServedDesk) -> None:
    alice, ticket, _ = await talking(served)
    bert = served.hires("bert")
    with pytest.raises(RefusalError) as refused:
        served.desk.secretary_leg(bert, ticket)
    assert refused.value.why == "wrong_state"
    await served.desk.hang_up(alice, ticket)
    with pytest.raises(RefusalError) as over:
        served.desk.secretary_leg(alice, ticket)
    assert over.value.why == "gone"


async def test_a_listener_hears_the_conversation_but_not_a_caller_on_hold(served: ServedDesk) -> None:
    chief = served.hires("chief")
    alice, ticket = await accepted(served)
    tap = served.desk.listen(chief, CallId("one"))

    async def heard() -> bool:
        for _ in range(10):
            served.calls["one"].live.heard(AudioChunk(samples=LOUD, rate_hz=8000), silence(8000))
        frames = [*tap._frames]
        tap._frames.clear()
        return any(any(frame) for frame in frames[4:])  # the first ones may still hold what was said before

    assert not await heard(), "waiting for her audio"
    await served.talks(alice, ticket)
    assert await heard()
    await served.desk.hold(alice, ticket, on=True)
    assert not await heard()
    await served.desk.hold(alice, ticket, on=False)
    await served.desk.give_back(alice, ticket)
    assert await heard(), "with the bot again"
    await served.asks("one")
    assert not await heard(), "in the queue"
    await served.leaves("one")
    await served.round()
    assert tap.closed
    assert not served.calls["one"].live.tapped


async def spoken(_text: str, _language: Language) -> Samples:
    return sine(1000, 30, 16000)


async def test_a_spoken_briefing_is_heard_before_the_connection_and_may_take_longer_than_a_connection(database: Database) -> None:
    register_firms(database)
    served = ServedDesk(database, queue={"connect_s": 5}, speech=spoken)
    alice, ticket = await accepted(served, spoken=True)
    leg = served.desk.secretary_leg(alice, ticket)
    beats = 0
    while served.ticket(ticket).state is TicketState.CONNECTING:
        leg.push(VOICE)
        assert leg.phase is Phase.BRIEFING
        assert any(await leg.pull())
        beats += 1
        await served.round() if beats % 25 == 0 else None
    assert beats == 500, "10 s"
    assert served.ticket(ticket).state is TicketState.TALKING
    await served.close()


async def test_she_may_skip_the_briefing(database: Database) -> None:
    register_firms(database)
    served = ServedDesk(database, speech=spoken)
    alice, ticket = await accepted(served, spoken=True)
    leg = served.desk.secretary_leg(alice, ticket)
    leg.push(VOICE)
    await leg.pull()
    await served.round()
    assert served.ticket(ticket).state is TicketState.CONNECTING
    leg.ready()
    await served.round()
    assert served.ticket(ticket).state is TicketState.TALKING
    await served.close()


async def test_a_voice_that_fails_connects_her_without_a_briefing(database: Database) -> None:
    async def mute(_text: str, _language: Language) -> Samples:
        raise SynthesisError("no voice")

    register_firms(database)
    served = ServedDesk(database, speech=mute)
    alice, ticket = await accepted(served, spoken=True)
    await served.talks(alice, ticket)
    assert served.ticket(ticket).state is TicketState.TALKING
    await served.close()


class FakeDialler:
    """Implements `Dialler`."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.dialled: list[tuple[str, str, str]] = []

    async def dial(self, call: CallId, number: str, announcement: str) -> None:
        self.dialled.append((call, number, announcement))
        if self.fails:
            raise TransferError("nobody answered")


def attempts(served: ServedDesk, ticket: TicketId) -> list[object]:
    facts = ticket_history(served.database, ticket)
    return [stored.event.data["result"] for stored in facts if stored.event.kind == "transfer"]


async def test_without_a_line_out_a_transfer_is_refused_in_a_sentence_and_noted(served: ServedDesk) -> None:
    alice, ticket, _ = await talking(served)
    with pytest.raises(RefusalError, match="no telephone line out") as refused:
        await served.desk.transfer(alice, ticket, MOBILE)
    assert refused.value.why == "no_line_out"
    assert attempts(served, ticket) == ["no_line_out"]
    assert served.ticket(ticket).state is TicketState.TALKING


async def test_calls_are_transferred_only_to_numbers_of_the_client(database: Database) -> None:
    register_firms(database)
    dialler = FakeDialler()
    served = ServedDesk(database, queue=QUEUE, dialler=dialler)
    alice, ticket, _ = await talking(served)
    with pytest.raises(RefusalError) as refused:
        await served.desk.transfer(alice, ticket, "+33639980008")
    assert (refused.value.why, dialler.dialled) == ("number_not_listed", [])
    await served.close()


async def test_a_transfer_is_announced_to_the_caller_then_the_call_is_hers_no_more(database: Database) -> None:
    said: list[str] = []

    async def says(text: str, _language: Language) -> Samples:
        said.append(text)
        return sine(1000, 0.2, 16000)

    register_firms(database)
    dialler = FakeDialler()
    served = ServedDesk(database, queue=QUEUE, dialler=dialler, speech=says)
    alice, ticket, _ = await talking(served)
    line = served.calls["one"].line
    assert line is not None
    line.send(silence(8000))
    passing_on = asyncio.create_task(served.desk.transfer(alice, ticket, MOBILE))
    heard = []
    while not passing_on.done():
        heard.append(line.receive())
        assert not dialler.dialled or any(chunk is not None and chunk.samples.any() for chunk in heard)
        await asyncio.sleep(0)
    await passing_on
    assert "le portable du docteur Martin" in said[0]
    assert dialler.dialled == [("one", MOBILE, said[0])]
    assert attempts(served, ticket) == ["transferred"]
    assert served.ticket(ticket).state is TicketState.WRAP_UP
    await served.close()


async def test_a_transfer_that_fails_leaves_the_caller_with_her(database: Database) -> None:
    register_firms(database)
    served = ServedDesk(database, queue=QUEUE, dialler=FakeDialler(fails=True))
    alice, ticket, _ = await talking(served)
    with pytest.raises(RefusalError) as refused:
        await served.desk.transfer(alice, ticket, MOBILE)
    assert refused.value.why == "transfer_failed"
    assert attempts(served, ticket) == ["transfer_failed"]
    assert served.ticket(ticket).state is TicketState.TALKING
    await served.close()


async def test_who_is_lost_while_she_connects_is_told_before_any_place(served: ServedDesk) -> None:
    alice, ticket = await accepted(served)
    await served.desk.refuse(alice, ticket, "not_ready")
    await served.passes(4)
    told = served.hears("one")
    assert told[0] == HumanLeft(how="lost")
    assert all(isinstance(event, PlaceChanged | HumanComing) for event in told[1:])
