"""A process killed without notice loses nothing that the caller was told of."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from tests.fakes.firms import a_firm
from tests.fakes.stored import FIRM_ID, NOW
from voicebot.booking.agenda import Agenda
from voicebot.core.ids import CallId
from voicebot.records.calls import read_call
from voicebot.records.database import Database
from voicebot.records.messages import list_messages
from voicebot.records.tickets import open_tickets

ROOT = Path(__file__).parents[2]
PROGRAM = """
import os, signal, sys
from tests.fakes.firms import a_firm, a_slot, paris
from tests.fakes.stored import FIRM_ID, NOW, answer_call, register_firm
from voicebot.booking.agenda import Agenda
from voicebot.core.events import CallEvent, EventKind
from voicebot.handoff.requests import HandoffReason, HandoffRequest
from voicebot.handoff.ticket_rows import TicketRows
from voicebot.messages.inbox import take_message
from voicebot.records.database import Database
from voicebot.records.group_commit import EventWriter

database = Database.open(sys.argv[1], upgrade=True)
register_firm(database)
call = answer_call(database)
writer = EventWriter(database)
writer.log_of(call).event(CallEvent(t_s=1.0, kind=EventKind.PARTIAL, data={}))
writer.flush()
agenda, slot = Agenda(database), a_slot(paris(2027, 3, 25, 10, 0))
hold = agenda.hold(call, a_firm(), slot, now=NOW)
agenda.book(hold, slot, call=call, person="Jean Dupont", phone=None, now=NOW)
take_message(database, call=call, client=FIRM_ID, kind="message", person=None, phone=None, reason="une panne", now=NOW)
request = HandoffRequest(reason=HandoffReason.ASKED, urgency_kind=None, summary="", transcript=())
TicketRows(database).request(call, FIRM_ID, request, now=NOW)
lost = database.transaction()
lost.__enter__()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_confirmed_is_there_after_kill_9_and_the_database_is_not_left_locked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/records.db"
    killed = subprocess.run([sys.executable, "-c", PROGRAM, url], cwd=ROOT, check=False, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    database = Database.open(url)
    (appointment,) = Agenda(database).appointments(a_firm(), NOW, NOW + timedelta(days=7))
    assert appointment.booking.person == "Jean Dupont"
    assert [message.text.reason for message in list_messages(database, client=FIRM_ID)] == ["une panne"]
    assert len(open_tickets(database)) == 1
    stored = read_call(database, CallId("call"))
    assert stored is not None
    assert len(stored.events) == 1
    with database.transaction():
        pass
    database.close()
