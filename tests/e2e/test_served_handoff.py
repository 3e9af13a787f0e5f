"""Real callers and secretaries on a real server: who hears whom in every phase, who is told what, and when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.fakes.spectrum import QUIET_DBFS, level_of, loudest_hz
from tests.servers.office import LINE, Office, accepted, clients_with, connected, held
from tests.servers.permanence import Served
from voicebot.core.audio import Samples
from voicebot.core.ids import CallId, TicketId
from voicebot.records.calls import read_call
from voicebot.records.tickets import open_tickets, ticket_history
from voicebot.records.wrap_ups import read_wrap_up

CALLER_HZ, SECRETARY_HZ = 4100.0, 5300.0
"""Where neither the bot's voice nor the music has anything."""
CROWD = 40
QUICKLY_FOR_ALL = {"usual_first_s": 0, "offer_s": 3, "widen_after_s": 1}
LINE_FOR_ALL = "+33199002001"
"""Its calls may soon be taken by everybody."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    clients = clients_with(tmp_path_factory.mktemp("clients"), maitre_roche=QUICKLY_FOR_ALL)
    with Served(tmp_path_factory.mktemp("served"), environment={"VOICEBOT_CLIENTS_DIR": str(clients)}) as running:
        yield running


async def heard_for(seconds: float, *ears: Any) -> list[Samples]:
    """What each hears from a moment after now on."""
    await asyncio.sleep(0.4)
    start_s = time.monotonic()
    await asyncio.sleep(seconds)
    return [ear.between(start_s) for ear in ears]


def test_caller_and_secretary_hear_each_other_when_they_should_and_never_otherwise(served: Served) -> None:
    async def story(office: Office) -> None:
        secretary, caller = await office.secretary(), office.phone()
        caller.mouth.tone_hz, secretary.audio.mouth.tone_hz = CALLER_HZ, SECRETARY_HZ
        await caller.ring(LINE)
        await caller.asks_for_a_person()
        await caller.hears("handoff.waiting")
        number = await accepted(secretary, caller)
        await secretary.talk(number)
        await secretary.audio.message("phase", where=lambda m: m["phase"] == "talking")
        connected_s = time.monotonic()

        before = caller.ear.between(0.0, connected_s - 0.1)
        assert level_of(before, SECRETARY_HZ) < QUIET_DBFS
        to_caller, to_secretary = await heard_for(1.5, caller.ear, secretary.audio.ear)
        assert (loudest_hz(to_caller), loudest_hz(to_secretary)) == (SECRETARY_HZ, CALLER_HZ)

        await secretary.do(f"tickets/{number}/hold", on=True)
        music, nothing = await heard_for(2.0, caller.ear, secretary.audio.ear)
        assert loudest_hz(nothing) is None
        assert level_of(music, SECRETARY_HZ) < QUIET_DBFS
        assert np.abs(music).max() > 500

        await secretary.do(f"tickets/{number}/hold", on=False)
        to_caller, to_secretary = await heard_for(1.5, caller.ear, secretary.audio.ear)
        assert (loudest_hz(to_caller), loudest_hz(to_secretary)) == (SECRETARY_HZ, CALLER_HZ)

        await secretary.do(f"tickets/{number}/give-back")
        await caller.hears("handoff.given_back")
        await secretary.audio.message("phase", where=lambda m: m["phase"] == "ended")
        bot, nothing = await heard_for(1.0, caller.ear, secretary.audio.ear)
        assert level_of(bot, SECRETARY_HZ) < QUIET_DBFS
        assert not nothing.size

    held(served, story)


def test_who_listens_in_hears_the_bot_and_its_caller_but_nobody_who_waits(served: Served) -> None:
    async def story(office: Office) -> None:
        secretary, caller, listener = await office.secretary(), office.phone(), office.phone()
        caller.mouth.tone_hz = CALLER_HZ
        await caller.ring(LINE)
        cookie = secretary.cookie
        await listener.open(f"{served.url.replace('http', 'ws', 1)}/desk/listen?call={caller.call}", Cookie=cookie)
        with_bot, to_caller = await heard_for(1.5, listener.ear, caller.ear)
        assert loudest_hz(with_bot) is not None
        assert level_of(with_bot, CALLER_HZ) > -30
        assert level_of(to_caller, CALLER_HZ) < QUIET_DBFS
        await caller.asks_for_a_person()
        await caller.hears("handoff.waiting")
        (waiting,) = await heard_for(2.0, listener.ear)
        assert level_of(waiting, CALLER_HZ) < QUIET_DBFS

    held(served, story)


def test_everything_that_she_needs_is_there_before_the_audio_connects_and_the_wrap_up_is_kept(served: Served) -> None:
    async def story(office: Office) -> None:
        secretary, caller = await office.secretary(), await office.caller("+33639980021")
        await caller.asks_for_a_person()
        number = await accepted(secretary, caller)
        file = await secretary.get(f"tickets/{number}/file")
        assert "bonjour" in file["greeting"].lower() or file["greeting"]
        assert any("assistant" in str(turn) for turn in file["transcript"])
        assert {"consignes", "agenda", "history", "summary"} <= set(file)
        await secretary.talk(number)
        await secretary.audio.message("phase", where=lambda m: m["phase"] == "talking")
        await secretary.do(f"tickets/{number}/hang-up")
        ended = await caller.message("ended")
        assert ended["reason"] == "handed_off"
        heard = {"person": "", "phone": "+33639980021", "reason": "", "intent": "speak_to_person"}
        sheet = {"person": "Jean Martin", "phone": "06 39 98 00 21", "reason": "facture", "intent": "invoice_payment"}
        rest = {"outcome": "handled", "note": "rappeler lundi", "proposed": heard, "finish": True}
        await secretary.do(f"tickets/{number}/wrap-up", **sheet, **rest)
        await secretary.event("secretary", where=lambda s: s["derived"] == "idle" and s["ticket"] is None)
        kept = read_wrap_up(office.database, TicketId(number))
        assert kept is not None
        assert (kept.wrap_up.person, kept.wrap_up.phone, kept.wrap_up.note) == ("Jean Martin", "+33639980021", "rappeler lundi")
        assert {correction.field for correction in kept.wrap_up.corrections} == {"person", "reason", "intent"}

    held(served, story)


def test_who_asks_for_a_person_with_nobody_there_is_told_within_two_seconds(served: Served) -> None:
    async def story(office: Office) -> None:
        caller = await office.caller("+33639980031")
        await caller.hears("opening.greeting")
        pressed_s = time.monotonic()
        await caller.press("0")
        await caller.hears("handoff.nobody")
        told = next(m["line"] for m in caller.messages if m["type"] == "line" and m["line"].get("act") == "handoff.nobody")
        asked = next(m["line"] for m in caller.messages if m["type"] == "line" and m["line"].get("name") == "escalate")
        assert told["t"] - asked["t"] < 2.0, pressed_s

    held(served, story)


def test_who_hangs_up_while_waiting_is_called_back_and_who_rings_again_keeps_the_rank(served: Served) -> None:
    async def story(office: Office) -> None:
        secretary = await office.secretary()
        busy = await office.caller("+33639980041")
        await busy.asks_for_a_person()
        await connected(secretary, busy)
        caller = await office.caller("+33639980042")
        await caller.asks_for_a_person()
        waiting = await secretary.ticket(call=caller.call, state="waiting")
        await caller.tell(type="hang_up")
        await secretary.ticket(id=waiting["id"], state="callback_due")
        again = await office.caller("+33639980042")
        back = await secretary.ticket(id=waiting["id"], state="waiting", call=again.call)
        assert back["waiting_since"] == waiting["waiting_since"]

    held(served, story)


def test_a_hint_is_said_by_the_bot(served: Served) -> None:
    async def story(office: Office) -> None:
        secretary, caller = await office.secretary(), await office.caller()
        await caller.hears("opening.greeting")
        await secretary.do(f"calls/{caller.call}/hint", text="Le docteur a dix minutes de retard.")
        said = await caller.message("line", where=lambda m: "dix minutes de retard" in str(m["line"].get("text")))
        assert said["line"]["act"] == "client.text"

    held(served, story)


def test_of_forty_who_accept_at_once_one_wins_and_the_others_are_told_who(served: Served) -> None:
    async def story(office: Office) -> None:
        crowd = [await office.secretary() for _ in range(CROWD)]
        caller = await office.caller("+33639980051", line=LINE_FOR_ALL)
        await caller.asks_for_a_person()
        ticket = await crowd[0].ticket(call=caller.call, widened=True, within_s=60.0)
        path = f"tickets/{ticket['id']}/accept"
        answers = await asyncio.gather(*(secretary.post(path) for secretary in crowd))
        codes = [answer.status_code for answer in answers]
        assert sorted(codes) == [200] + [409] * (CROWD - 1)
        winner = crowd[codes.index(200)].name
        losers = [answer.json() for answer in answers if answer.status_code == 409]
        assert all(loser["winner"] == winner and winner in loser["message"] for loser in losers), losers[0]
        kinds = [entry.event.kind for entry in ticket_history(office.database, TicketId(ticket["id"]))]
        assert kinds.count("accepted") == 1

    held(served, story)


def test_a_stopping_server_tells_its_callers_and_keeps_their_call_backs(tmp_path_factory: pytest.TempPathFactory) -> None:
    served = Served(tmp_path_factory.mktemp("stopped"), environment={"VOICEBOT_STOP_GRACE_S": "3"})

    async def story(office: Office) -> None:
        secretary = await office.secretary()
        talking = await office.caller("+33639980061")
        await talking.asks_for_a_person()
        await connected(secretary, talking)
        waiting = await office.caller("+33639980062")
        await waiting.asks_for_a_person()
        await waiting.hears("handoff.waiting")
        listening = await office.caller("+33639980063")
        await listening.hears("opening.greeting")
        status = asyncio.create_task(asyncio.to_thread(served.stop))
        for caller in (waiting, listening, talking):
            said = await caller.hears("closing.stopping")
            ended = await caller.message("ended", 30.0)
            assert (said["act"], ended["reason"]) == ("closing.stopping", "stopped")
        assert await status == 0
        tickets = {str(ticket.call): ticket.state for ticket in open_tickets(office.database)}
        assert tickets[waiting.call] == "callback_due"
        assert tickets[talking.call] == "wrap_up"
        for caller in (talking, waiting, listening):
            file = read_call(office.database, CallId(caller.call))
            assert file is not None
            assert file.call.end_reason == "stopped"

    with served:
        held(served, story)
