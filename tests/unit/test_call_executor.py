"""What the policy asks of the desk, as the desk is asked."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import pytest

from tests.fakes.dialogue import CALLER, NOW, clinic
from voicebot.booking.agenda import Agenda
from voicebot.call.action_events import public_action
from voicebot.call.executor import ActionExecutor, Services
from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId, ClientId, TicketId
from voicebot.core.tickets import Leaving
from voicebot.dialog.actions import LeaveQueue, RequestHuman, WorldAction
from voicebot.dialog.inputs import ActionFailed, HumanRequested, LeftQueue, Result
from voicebot.handoff.protocol import Handoff, Place
from voicebot.handoff.requests import HandoffReason, HandoffRequest
from voicebot.records.database import Database

ASKED = RequestHuman(
    reason=HandoffReason.URGENT, urgency_kind="medical", summary="Un malaise.", person="Jean", phone=CALLER, language="en"
)


class Desk:
    """Takes down what it is asked."""

    def __init__(self, *, broken: bool = False) -> None:
        self.asked: list[object] = []
        self._broken = broken

    def request(self, call: CallId, client: ClientId | None, request: HandoffRequest, *, now: datetime) -> Place:
        self._take(call, client, request, now)
        return Place(ticket=TicketId(3), live=True, staffed=False, position=2, estimate_s=75.0)

    def leave(self, call: CallId, how: Leaving, *, phone: str | None, now: datetime) -> None:
        self._take(call, how, phone, now)

    def _take(self, *what: object) -> None:
        if self._broken:
            raise RecordsError("told to fail")
        self.asked.append(what)


def performed(desk: Desk, action: WorldAction) -> Result | None:
    unused = Services(agenda=cast("Agenda", None), database=cast("Database", None), handoff=cast("Handoff", desk))
    executor = ActionExecutor(
        call=CallId("call"), consignes=clinic(), services=unused, transcript=lambda: ("appelant : au secours",)
    )
    return executor.perform(action, NOW)


def test_a_human_is_asked_for_with_who_calls_and_what_was_said() -> None:
    desk = Desk()
    result = performed(desk, ASKED)
    assert result == HumanRequested(ticket=TicketId(3), live=True, staffed=False, position=2, estimate_s=75.0)
    request = HandoffRequest(
        reason=HandoffReason.URGENT,
        urgency_kind="medical",
        summary="Un malaise.",
        transcript=("appelant : au secours",),
        caller=CALLER,
        person="Jean",
        language="en",
    )
    assert desk.asked == [("call", "lilas", request, NOW)]


def test_the_queue_is_left_as_the_caller_wishes() -> None:
    desk = Desk()
    assert performed(desk, LeaveQueue(how="callback", phone=CALLER)) == LeftQueue(how="callback")
    assert desk.asked == [("call", "callback", CALLER, NOW)]


@pytest.mark.parametrize(("action", "name"), [(ASKED, "request_human"), (LeaveQueue(how="message"), "leave_queue")])
def test_a_desk_that_cannot_store_is_a_result(action: WorldAction, name: str) -> None:
    failed = performed(Desk(broken=True), action)
    assert isinstance(failed, ActionFailed)
    assert failed.action == name


def test_leaving_the_queue_is_no_public_line() -> None:
    assert public_action(LeaveQueue(how="callback"), LeftQueue(how="callback")) is None
