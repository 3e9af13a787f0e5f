"""Callers who wait on a real server: what they are offered and when, what the bot still hears while the music plays."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from tests.conftest import speak
from tests.servers.office import Office, accepted, clients_with, connected, held
from tests.servers.people import Caller
from tests.servers.permanence import Served
from voicebot.core.ids import CallId
from voicebot.records.calls import read_call

PATIENCE = {"choices_after_s": [25, 35], "max_wait_s": 45}
"""Seconds instead of minutes."""
PLACE_TOLD_S = 6.0
"""What it takes to say the place and the estimate."""


async def behind_another(office: Office, number: str) -> Caller:
    """Somebody who waits while the only secretary is on the phone, and has been told the place."""
    caller = await office.caller(number)
    await caller.asks_for_a_person()
    await caller.hears("handoff.waiting")
    await asyncio.sleep(PLACE_TOLD_S)
    return caller


async def chooses_to_be_called_back(office: Office) -> None:
    caller = await behind_another(office, "+33639980111")
    await caller.hears("handoff.choice", 40.0)
    await caller.press("1")
    told = await caller.hears("hold.callback")
    assert "06 39 98 01 11" in told["text"]


async def waits_in_vain(office: Office) -> None:
    caller = await behind_another(office, "+33639980112")
    await caller.hears("handoff.choice", 40.0)
    await caller.hears("hold.sorry", 60.0)
    await caller.hears("hold.callback")
    lines = [message["line"] for message in caller.messages if message["type"] == "line"]
    asked_s = next(line["t"] for line in lines if line.get("name") == "escalate")
    sorry_s = next(line["t"] for line in lines if line.get("act") == "hold.sorry")
    assert sorry_s - asked_s == pytest.approx(PATIENCE["max_wait_s"], abs=6.0)


async def asks_for_the_hours(office: Office) -> None:
    caller = await behind_another(office, "+33639980113")
    caller.mouth.say(speak("à quelle heure vous fermez", rate_hz=16000))
    answer = await caller.message("line", where=lambda m: str(m["line"].get("act")).startswith("questions."))
    assert "ouvert" in answer["line"]["text"]
    await caller.hears("hold.wait_on", 40.0)


async def becomes_urgent(office: Office) -> None:
    caller = await behind_another(office, "+33639980114")
    caller.mouth.say(speak("c'est urgent mon fils a de la fièvre", rate_hz=16000))
    await caller.hears("hold.priority")
    watching = await office.secretary()
    ticket = await accepted(watching, caller)
    file = await watching.get(f"tickets/{ticket}/file")
    assert (file["ticket"]["reason"], file["ticket"]["base_score"]) == ("urgent", 600)
    assert "fièvre" in file["summary"]


STORIES = (chooses_to_be_called_back, waits_in_vain, asks_for_the_hours, becomes_urgent)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, BaseException | None]:
    """What came of each story; they happen at the same time, since all of them take their time."""
    clients = clients_with(tmp_path_factory.mktemp("clients"), cabinet_lilas=PATIENCE)
    outcomes: dict[str, BaseException | None] = {}

    async def all_stories(office: Office) -> None:
        nobody = await office.caller("+33639980115")
        await nobody.asks_for_a_person()
        await nobody.hears("handoff.nobody")
        secretary = await office.secretary()
        await nobody.hears("hold.staffed")
        await connected(secretary, nobody)
        stored = read_call(office.database, CallId(nobody.call))
        assert stored is not None
        assert stored.call.end_reason is None
        results = await asyncio.gather(*(story(office) for story in STORIES), return_exceptions=True)
        outcomes.update(zip((story.__name__ for story in STORIES), results, strict=True))

    with Served(tmp_path_factory.mktemp("served"), environment={"VOICEBOT_CLIENTS_DIR": str(clients)}) as served:
        held(served, all_stories)
    return outcomes


def check(outcome: BaseException | None) -> None:
    if outcome is not None:
        raise outcome


def test_who_is_told_that_nobody_is_there_is_told_when_somebody_comes_and_is_connected(
    told: Mapping[str, BaseException | None],
) -> None:
    assert told.keys() == {story.__name__ for story in STORIES}


def test_who_has_waited_long_enough_may_choose_to_be_called_back(told: Mapping[str, BaseException | None]) -> None:
    check(told["chooses_to_be_called_back"])


def test_who_has_waited_in_vain_is_not_kept_waiting_for_ever(told: Mapping[str, BaseException | None]) -> None:
    check(told["waits_in_vain"])


def test_a_simple_question_is_answered_while_waiting_and_the_place_is_kept(told: Mapping[str, BaseException | None]) -> None:
    check(told["asks_for_the_hours"])


def test_an_urgent_caller_who_waits_is_heard_and_goes_to_the_top(told: Mapping[str, BaseException | None]) -> None:
    check(told["becomes_urgent"])
