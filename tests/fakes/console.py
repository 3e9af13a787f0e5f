"""A desk for the console alone: invented tickets that obey its commands, with real legs and subscriptions."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from accounts.refusals import NotFoundError
from accounts.users import User
from escalation.bridge import Bridge, Phase
from escalation.legs import SecretaryLeg
from escalation.updates import Subscription, Update
from tests.fakes import console_data as data
from voicebot.call.clocks import RealClock
from voicebot.core.errors import RefusalError
from voicebot.core.ids import CallId, ClientId, TicketId, UserId
from voicebot.core.secretaries import Declared
from voicebot.records.wrap_ups import WrapUp

Json = dict[str, Any]
IN_HAND = ("connecting", "talking", "wrap_up", "calling_back")
FRAME = bytes(640)


class FakeListener:
    """Three frames of silence, then the call is over."""

    def __init__(self) -> None:
        self.closed = False
        self._left = 3

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self.closed or self._left == 0:
            raise StopAsyncIteration
        self._left -= 1
        return FRAME

    def close(self) -> None:
        self.closed = True


class FakeConsoleDesk:
    """Does what the console commands, tells it to every console, and remembers it in `done`."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        tickets, calls = data.morning(now())
        self.tickets: dict[int, Json] = {ticket["id"]: ticket for ticket in tickets}
        self.calls: dict[str, Json] = {call["id"]: call for call in calls}
        self.secretaries: dict[int, Json] = {row["id"]: data.colleague(row, now()) for row in data.MORNING["colleagues"]}
        self.files: dict[int, Json] = {}
        self.done: list[tuple[Any, ...]] = []
        self.refusal: RefusalError | None = None
        self.legs: list[SecretaryLeg] = []
        self.listeners: list[FakeListener] = []
        self._consoles: list[Subscription] = []
        self._nobody = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    # What a test brings about, from any thread.

    def offer(self, number: int, user: int, seconds: float = 15.0) -> None:
        """A ticket rings for somebody."""
        self.change(number, state="offered", secretary=user, deadline=self._in(seconds))

    def change(self, number: int, **facts: Any) -> None:
        """A ticket becomes different; `state="done"` takes it away."""
        before = self.tickets[number]
        after = {**before, **facts, "version": before["version"] + 1}
        after["secretary_name"] = self.secretaries.get(after["secretary"], {}).get("name")
        self.tickets[number] = after
        self.tell_all(lambda user: Update("ticket", self._shown(after, user)))
        for user in {before["secretary"], after["secretary"]} & self.secretaries.keys():
            self._tell_secretary(user)

    def present(self, user: int, **facts: Any) -> None:
        """Somebody's presence becomes different."""
        self.secretaries[user].update(facts)
        self._tell_secretary(user)

    def say(self, call: str, speaker: str, text: str, *, t: float = 60.0, partial: bool = False) -> None:
        """Somebody says something."""
        turn: Json = {"call": call, "speaker": speaker, "text": text, "t": t, "partial": partial}
        if not partial:
            self.calls[call]["turns"].append(turn)
        self.tell_all(lambda _user: Update("turn", turn))

    def tell_all(self, update: Callable[[User], Update]) -> None:
        """Tell every console."""

        def tell() -> None:
            for console in self._consoles:
                console.tell(update(console.user))

        if self._loop is not None:
            self._loop.call_soon_threadsafe(tell)

    def close(self) -> None:
        """The server stops."""
        for console in self._consoles:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(console.close)

    @property
    def consoles(self) -> int:
        """Open pages."""
        return len(self._consoles)

    def noticed_that_nobody_looks(self, patience_s: float) -> bool:
        """Whether the last console was closed, waiting so long for it."""
        return self._nobody.wait(patience_s)

    # What the console uses.

    async def accept(self, user: User, ticket: TicketId, *, spoken: bool) -> None:
        self._do(user, "accept", ticket, spoken)
        self.change(ticket, state="connecting", secretary=user.id, accepted_at=self._in(0), deadline=self._in(10))

    async def refuse(self, user: User, ticket: TicketId, why: str) -> None:
        self._do(user, "refuse", ticket, why)
        self.change(ticket, state="waiting", secretary=None, deadline=None)

    async def hang_up(self, user: User, ticket: TicketId) -> None:
        self._do(user, "hang_up", ticket)
        self._wrap_up(ticket)

    async def give_back(self, user: User, ticket: TicketId) -> None:
        self._do(user, "give_back", ticket)
        self._wrap_up(ticket)

    async def hold(self, user: User, ticket: TicketId, *, on: bool) -> None:
        self._do(user, "hold", ticket, on)
        for leg in self.legs:
            leg._bridge.hold(on=on)

    async def transfer(self, user: User, ticket: TicketId, number: str) -> None:
        self._do(user, "transfer", ticket, number)

    async def extend_wrap_up(self, user: User, ticket: TicketId) -> None:
        self._do(user, "extend_wrap_up", ticket)
        self.change(ticket, extended=True, deadline=self._in(60))

    async def save_wrap_up(self, user: User, ticket: TicketId, wrap_up: WrapUp, *, finish: bool) -> None:
        self._do(user, "save_wrap_up", ticket, wrap_up, finish)
        if finish:
            self.change(ticket, state="done", deadline=None)

    async def note(self, user: User, ticket: TicketId, text: str) -> None:
        self._do(user, "note", ticket, text)

    async def take_callback(self, user: User, ticket: TicketId) -> None:
        self._do(user, "take_callback", ticket)
        self.change(ticket, state="calling_back", secretary=user.id)

    async def callback_result(self, user: User, ticket: TicketId, *, reached: bool) -> None:
        self._do(user, "callback_result", ticket, reached)
        if reached:
            self._wrap_up(ticket)
        else:
            self.change(ticket, state="callback_due", attempts=self.tickets[ticket]["attempts"] + 1, due_at=self._in(900))

    async def declare(self, user: User, declared: Declared, reason: str | None) -> None:
        self._do(user, "declare", None, declared, reason)
        self._secretary(user).update(declared=declared, break_reason=reason, alert=False)
        self._tell_secretary(user.id)

    async def hint(self, user: User, call: CallId, text: str) -> None:
        self._live(user, call)
        self._do(user, "hint", None, call, text)

    async def force(self, by: User, user: UserId, declared: Declared) -> None:
        if user not in self.secretaries:
            raise NotFoundError
        self._do(by, "force", None, user, declared)
        self.secretaries[user].update(declared=declared, break_reason=None, alert=False)
        self._tell_secretary(user)

    async def move(self, by: User, ticket: TicketId, to_user: UserId) -> None:
        self._do(by, "move", ticket, to_user)
        if self.tickets[ticket]["state"] == "callback_due":
            self.change(ticket, secretary=to_user)
        else:
            self.offer(ticket, to_user)

    async def snapshot(self, user: User) -> Mapping[str, Any]:
        self._loop = asyncio.get_running_loop()
        me = self._secretary(user)
        return {
            "now": self.now().isoformat(),
            "me": {**me, "derived": self._derived(user.id)},
            "tickets": [self._shown(t, user) for t in self.tickets.values() if t["state"] != "done" and user.sees(t["client"])],
            "secretaries": [{**s, "derived": self._derived(s["id"])} for s in self.secretaries.values()],
            "calls": [call for call in self.calls.values() if user.sees(call["client"])],
        }

    async def file(self, user: User, ticket: TicketId) -> Mapping[str, Any]:
        shown = self._ticket(user, ticket)
        said = self.calls.get(shown["call"], {}).get("turns", [])
        return self.files.get(ticket) or data.file(self._shown(shown, user), self.now(), said)

    def subscribe(self, user: User) -> Subscription:
        def closed(subscription: Subscription) -> None:
            self._consoles.remove(subscription)
            self._nobody.set()

        return Subscription(user, opened=self._consoles.append, closed=closed)

    def secretary_leg(self, user: User, ticket: TicketId) -> SecretaryLeg:
        if self._ticket(user, ticket)["secretary"] != user.id:
            raise RefusalError("not hers", why="wrong_state")
        connected = self.tickets[ticket]["state"] == "talking"
        bridge, spoken = Bridge(Phase.TALKING if connected else Phase.BRIEFING), ("accept", ticket, True) in self.done

        async def prepare() -> None:
            if spoken:
                bridge.brief(np.zeros(160_000, np.int16))

        def changed() -> None:
            if leg.carries_audio and leg.briefed and self.tickets[ticket]["state"] == "connecting":
                bridge.connect()
                self.change(ticket, state="talking", connected_at=self._in(0), deadline=None)

        leg = SecretaryLeg(bridge, clock=RealClock(), prepare=prepare, changed=changed)
        self.legs.append(leg)
        return leg

    def listen(self, user: User, call: CallId) -> FakeListener:
        self._live(user, call)
        self.listeners.append(FakeListener())
        return self.listeners[-1]

    def _do(self, user: User, name: str, ticket: TicketId | None, *facts: object) -> None:
        if ticket is not None:
            self._ticket(user, ticket)
        if self.refusal is not None:
            raise self.refusal
        self.done.append((name, *(() if ticket is None else (ticket,)), *facts))

    def _ticket(self, user: User, ticket: TicketId) -> Json:
        found = self.tickets.get(ticket)
        if found is None or not user.sees(ClientId(found["client"])):
            raise NotFoundError
        return found

    def _live(self, user: User, call: CallId) -> None:
        if call not in self.calls or not user.sees(ClientId(self.calls[call]["client"])):
            raise NotFoundError

    def _wrap_up(self, ticket: TicketId) -> None:
        self.change(ticket, state="wrap_up", deadline=self._in(30))
        for leg in self.legs:
            leg.close()

    def _secretary(self, user: User) -> Json:
        new = {"id": int(user.id), "name": user.name, "declared": "offline", "connected": True}
        return self.secretaries.setdefault(user.id, data.colleague(new, self.now()))

    def _tell_secretary(self, number: int) -> None:
        told = {**self.secretaries[number], "derived": self._derived(number)}
        self.tell_all(lambda user: Update("me" if user.id == number else "secretary", told))

    def _derived(self, number: int) -> str:
        states = {t["state"] for t in self.tickets.values() if t["secretary"] == number}
        if "wrap_up" in states:
            return "wrap_up"
        return "on_call" if states & {"connecting", "talking", "calling_back"} else "offered" if "offered" in states else "idle"

    def _shown(self, ticket: Json, user: User) -> Json:
        if ticket["state"] == "done":
            return {"id": ticket["id"], "gone": True}
        mine = ticket["state"] == "offered" and ticket["secretary"] == user.id
        return {**ticket, "offered_to_me": mine, "acceptable": mine or ticket["state"] == "waiting"}

    def _in(self, seconds: float) -> str:
        return (self.now() + timedelta(seconds=seconds)).isoformat()
