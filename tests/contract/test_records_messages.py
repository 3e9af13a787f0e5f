from __future__ import annotations

import pytest

from tests.fakes.stored import FIRM_ID, NOW, answer_call, register_firm
from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId, PersonId
from voicebot.messages.inbox import take_message
from voicebot.records.database import Database
from voicebot.records.messages import MessageText, list_messages


@pytest.fixture
def call(database: Database) -> CallId:
    register_firm(database)
    return answer_call(database)


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
