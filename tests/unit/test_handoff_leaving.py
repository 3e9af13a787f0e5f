"""Who leaves a queue that no desk serves, and who rings again, is treated as by the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from escalation import callers
from escalation.desk_events import CallerLeft, Returned
from escalation.outcomes import Refused
from voicebot.clients.consignes import Queue
from voicebot.core.ids import CallId, TicketId, UserId
from voicebot.core.tickets import Leaving, Ticket, TicketState
from voicebot.handoff.leaving import UNSERVED, left, returned

NOW = datetime(2027, 3, 23, 9, 0, tzinfo=UTC)
OFFERED = Ticket(
    id=TicketId(1), version=3, state=TicketState.OFFERED, client=None, call=CallId("call"), caller="+33639980001", reason="asked",
    base_score=120, summary="", waiting_since=NOW, secretary=UserId(7), deadline=NOW, refused_by=(UserId(8),), offers=2,
    attempts=1, widened_at=NOW,
)  # fmt: skip


@pytest.mark.parametrize("how", get_args(Leaving))
@pytest.mark.parametrize("phone", [None, "+33639980002"])
@pytest.mark.parametrize("caller", [None, "+33639980001"])
def test_a_caller_leaves_as_at_the_desk(how: Leaving, phone: str | None, caller: str | None) -> None:
    ticket, now = replace(OFFERED, caller=caller), NOW + timedelta(minutes=1)
    outcome = callers.change(ticket, CallerLeft(ticket=ticket.id, how=how, phone=phone), now=now, queue=Queue())
    assert not isinstance(outcome, Refused)
    assert left(ticket, how, phone, now=now) == outcome[0]


@pytest.mark.parametrize("state", TicketState)
def test_a_caller_can_leave_unserved_in_the_same_states_as_at_the_desk(state: TicketState) -> None:
    ticket = replace(OFFERED, state=state)
    outcome = callers.change(ticket, CallerLeft(ticket=ticket.id, how="hung_up"), now=NOW, queue=Queue())
    assert isinstance(outcome, Refused) is (state not in UNSERVED)


def test_a_caller_comes_back_as_to_the_desk() -> None:
    due = left(OFFERED, "hung_up", None, now=NOW)
    outcome = callers.change(due, Returned(ticket=due.id, call=CallId("next")), now=NOW, queue=Queue())
    assert not isinstance(outcome, Refused)
    assert returned(due, CallId("next")) == outcome[0]
