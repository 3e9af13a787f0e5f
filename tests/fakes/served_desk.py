"""A desk on a real database, at a time that only tests move: calls that ask for a human, secretaries who are there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from accounts.users import Role, User
from escalation.desk import Desk
from escalation.floor import Speech
from escalation.legs import SecretaryLeg
from escalation.live_handoff import LiveHandoff
from escalation.onward import Dialler
from escalation.updates import Subscription, Update
from tests.fakes.firms import FIRM
from tests.fakes.hand_clock import HandClock
from tests.fakes.stored import FIRM_ID, add_user, answer_call, register_firm
from voicebot.call.live import LiveCall, LiveCalls
from voicebot.clients.consignes import Consignes
from voicebot.core.ids import CallId, ClientId, TicketId
from voicebot.core.secretaries import Declared
from voicebot.core.tickets import Leaving, Ticket
from voicebot.handoff.events import HandoffEvent
from voicebot.handoff.protocol import HandoffLine, Place
from voicebot.handoff.requests import HandoffReason, HandoffRequest
from voicebot.records.database import Database

CALLER = "+33639980001"
OTHER_ID = ClientId("other")


@dataclass
class FakeCall:
    """What a call of the process was asked to do, and its line to the humans."""

    id: CallId
    live: LiveCall
    said: list[str] = field(default_factory=list)
    line: HandoffLine | None = None
    told: list[HandoffEvent] = field(default_factory=list)


class ServedDesk:
    """One process: a desk, its calls, its consoles."""

    def __init__(
        self,
        database: Database,
        *,
        queue: dict[str, Any] | None = None,
        clock: HandClock | None = None,
        speech: Speech | None = None,
        dialler: Dialler | None = None,
    ) -> None:
        self.database = database
        self.clock = clock or HandClock()
        self.live = LiveCalls()
        firm = Consignes.model_validate({**FIRM, "queue": queue or {}})
        other = Consignes.model_validate({**FIRM, "id": OTHER_ID, "lines": ["+33199001002"]})
        self.desk = Desk(
            database=database, clients=(firm, other), clock=self.clock, live=self.live, speech=speech, dialler=dialler
        )
        self.handoff = LiveHandoff(self.desk, loop=asyncio.get_running_loop())
        self.calls: dict[str, FakeCall] = {}
        self._consoles = AsyncExitStack()

    async def close(self) -> None:
        await self._consoles.aclose()
        self.desk.close()

    # Calls.

    def rings(self, name: str, *, caller: str | None = CALLER, client: ClientId = FIRM_ID, known: bool = False) -> FakeCall:
        """A call is answered by this process; `known`: the database has it already."""
        if not known:
            answer_call(self.database, name, client=client, at=self.clock.wall())
        said: list[str] = []
        live = LiveCall(
            id=CallId(name), client=client, line="+33199001001", caller=caller, answered_at=self.clock.wall(),
            hint=said.append, stop=lambda: None,
        )  # fmt: skip
        self.live.add(live)
        self.calls[name] = FakeCall(id=CallId(name), live=live, said=said)
        return self.calls[name]

    async def asks(self, name: str, reason: HandoffReason = HandoffReason.ASKED, **changes: Any) -> Place:
        """A call asks for a human, and attends; it rings first if it has not."""
        call = self.calls.get(name) or self.rings(name)
        request = {
            "reason": reason, "urgency_kind": None, "summary": "Une panne.", "transcript": ("appelant : au secours",),
            "caller": call.live.caller,
        }  # fmt: skip
        asked = HandoffRequest(**{**request, **changes})
        place = await asyncio.to_thread(self.handoff.request, call.id, call.live.client, asked, now=self.clock.wall())
        call.line = self.handoff.attend(call.id)
        return place

    async def leaves(self, name: str, how: Leaving = "hung_up", phone: str | None = None) -> None:
        """A caller leaves; who hangs up is not on the line any more."""
        if how in {"hung_up", "cut"}:
            self.live.remove(CallId(name))
        await asyncio.to_thread(self.handoff.leave, CallId(name), how, phone=phone, now=self.clock.wall())

    def hears(self, name: str) -> list[HandoffEvent]:
        """What the queue has told a call since the last time."""
        line = self.calls[name].line
        assert line is not None
        return list(line.events(self.clock.wall()))

    # Secretaries.

    def hires(self, login: str = "alice", role: Role = Role.SECRETARY, **facts: Any) -> User:
        """Somebody with an account."""
        user = add_user(self.database, login, role, **facts)
        clients = facts.get("clients")
        return User(
            id=user, login=login, name=facts.get("name", login.title()), role=role, language="fr",
            clients=None if clients is None else frozenset(clients), speaks=facts.get("speaks", frozenset({"fr"})),
        )  # fmt: skip

    async def opens_console(self, user: User) -> Subscription:
        """Her page is open until the end of the test."""
        return await self._consoles.enter_async_context(self.desk.subscribe(user))

    async def comes(self, user: User) -> Subscription:
        """She opens her page and takes calls."""
        console = await self.opens_console(user)
        await self.round()
        await self.desk.declare(user, Declared.AVAILABLE)
        return console

    async def talks(self, user: User, ticket: TicketId) -> SecretaryLeg:
        """She has accepted a ticket and is connected."""
        leg = self.desk.secretary_leg(user, ticket)
        leg.push(bytes(640))
        await leg.pull()
        await self.round()
        return leg

    # Time.

    async def round(self) -> None:
        await self.desk.rounds.go_round()

    async def passes(self, seconds: float, *, step_s: float = 0.5) -> None:
        """Time passes, with a round every `step_s`."""
        for _ in range(round(seconds / step_s)):
            self.clock.pass_(step_s)
            await self.round()

    def ticket(self, number: TicketId) -> Ticket:
        return self.desk.floor.board.tickets[number]


def news(console: Subscription) -> Sequence[Update]:
    """What a console was told since the last time."""
    told = [*console._waiting]
    console._waiting.clear()
    return told


def register_firms(database: Database) -> None:
    """Both firms of a served desk."""
    register_firm(database)
    register_firm(database, OTHER_ID, "+33199001002")
