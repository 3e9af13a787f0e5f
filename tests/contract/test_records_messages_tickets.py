from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.stored import FIRM_ID, NOW, answer_call, register_firm
from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId, PersonId
from voicebot.handoff.protocol import Handoff
from voicebot.handoff.requests import HandoffReason, HandoffRequest
from voicebot.handoff.ticket_rows import TicketRows
from voicebot.messages.inbox import take_message
from voicebot.records.database import Database
from voicebot.records.messages import MessageText, list_messages
from voicebot.records.tickets import open_tickets


@pytest.fixture
def call(database: Database) -> CallId:
    register_firm(database)
    return answer_call(database)


def request(reason: HandoffReason, summary: str = "Une panne.") -> HandoffRequest:
    return HandoffRequest(
        reason=reason, urgency_kind="technical" if reason is HandoffReason.URGENT else None, summary=summary,
        transcript=("appelant : au secours", "assistant : oui"),
    )  # fmt: skip


def test_a_message_is_read_as_it_was_taken(database: Database, call: CallId) -> None:
    taken = take_message(
        database, call=call, client=FIRM_ID, kind="callback", person="Jean Dupont", phone="+33639980001", reason="une panne",
        for_person=PersonId("martin"), urgent=True, best_time="demain matin", unsure=("person",), now=NOW,
    )  # fmt: skip
    (stored,) = list_messages(database, client=FIRM_ID)
    assert (stored.id, stored.call, stored.created_at) == (taken, call, NOW)
    assert stored.text == MessageText(
        kind="callback", person="Jean Dupont", phone="+33639980001", reason="une panne", for_person=PersonId("martin"),
        urgent=True, best_time="demain matin", unsure=("person",),
    )  # fmt: skip


def test_a_message_for_an_unknown_call_is_refused_and_not_stored(database: Database, call: CallId) -> None:
    with pytest.raises(RecordsError):
        take_message(database, call=CallId("nobody"), client=FIRM_ID, kind="lead", person=None, phone=None, reason="", now=NOW)
    assert list_messages(database, client=FIRM_ID) == ()


def test_a_ticket_holds_what_the_secretary_reads(database: Database, call: CallId) -> None:
    handoff: Handoff = TicketRows(database)
    ticket = handoff.request(call, FIRM_ID, request(HandoffReason.URGENT), now=NOW)
    (stored,) = open_tickets(database)
    assert (stored.id, stored.call, stored.client, stored.state, stored.created_at) == (ticket, call, FIRM_ID, "waiting", NOW)
    assert (stored.text.reason, stored.text.base_priority, stored.text.urgency_kind) == ("urgent", 600, "technical")
    assert stored.text.transcript == ("appelant : au secours", "assistant : oui")


def test_a_call_that_asks_again_keeps_its_ticket_and_its_rank_and_can_only_rise(database: Database, call: CallId) -> None:
    handoff = TicketRows(database)
    later = NOW + timedelta(minutes=1)
    tickets = {
        handoff.request(call, FIRM_ID, request(HandoffReason.ASKED), now=NOW),
        handoff.request(call, FIRM_ID, request(HandoffReason.URGENT, "Une fuite."), now=later),
        handoff.request(call, FIRM_ID, request(HandoffReason.FAILED, "Une grosse fuite."), now=later),
    }
    (stored,) = open_tickets(database)
    assert tickets == {stored.id}
    assert (stored.text.base_priority, stored.text.reason, stored.text.summary) == (600, "urgent", "Une grosse fuite.")
    assert stored.created_at == NOW


def test_a_call_on_an_unknown_line_may_wait_too(database: Database, call: CallId) -> None:
    TicketRows(database).request(call, None, request(HandoffReason.ASKED), now=NOW)
    assert open_tickets(database)[0].client is None
