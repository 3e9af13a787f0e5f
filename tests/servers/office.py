"""An office around one served desk: secretaries and callers who come as they are needed and leave at the end."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, Self

from accounts.service import Accounts
from accounts.users import Role
from tests.servers.people import Caller, Secretary
from tests.servers.permanence import Served
from voicebot.call.clocks import RealClock
from voicebot.config import CATALOGUE
from voicebot.records.database import Database

LINE = "+33199001001"
PASSWORD = "assez-longue-et-rare-9"
_NUMBERS = itertools.count()


class Office:
    """People around one server; everybody leaves at the end, whatever happened."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._people = contextlib.AsyncExitStack()
        self.database = database_of(served)
        self._accounts = Accounts(self.database, clock=RealClock().wall)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._people.aclose()
        self.database.close()

    async def secretary(self) -> Secretary:
        """Somebody new at the desk: signed in, console open, available."""
        number = next(_NUMBERS)
        login = f"sec{number}"
        self._accounts.add_user(login=login, name=f"Secrétaire{number} X", role=Role.SECRETARY, password=PASSWORD)
        secretary = await Secretary(self._served.url, login, PASSWORD).sign_in()
        self._people.push_async_callback(secretary.leave)
        await secretary.watch()
        await secretary.declare()
        return secretary

    async def caller(self, number: str | None = None, *, line: str = LINE) -> Caller:
        """Somebody who has rung."""
        caller = self.phone()
        await caller.ring(line, number)
        return caller

    def phone(self) -> Caller:
        """Somebody who has not rung yet."""
        caller = Caller(self._served.url)
        self._people.push_async_callback(caller.close)
        return caller


def clients_with(folder: Path, **queues: Mapping[str, object]) -> Path:
    """The sample clients in a folder of their own, some with other rules for their queue.

    Args:
        folder: where they are written.
        **queues: what differs, by client with `_` for `-`.
    """
    for file in (CATALOGUE / "clients").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        queue = queues.get(file.stem.replace("-", "_"))
        (folder / file.name).write_text(text if queue is None else f"{text}\nqueue: {json.dumps(queue)}\n", encoding="utf-8")
    return folder


def database_of(served: Served) -> Database:
    return Database.open(f"sqlite:///{served.data_dir / 'permanence.db'}")


def held(served: Served, story: Callable[[Office], Coroutine[Any, Any, None]]) -> None:
    """Play a story in an office of its own."""

    async def played() -> None:
        async with asyncio.timeout(150.0), Office(served) as office:
            await story(office)

    asyncio.run(played())


async def accepted(secretary: Secretary, caller: Caller) -> int:
    ticket = await secretary.ticket(call=caller.call, state="offered", offered_to_me=True)
    await secretary.do(f"tickets/{ticket['id']}/accept")
    return int(ticket["id"])


async def connected(secretary: Secretary, caller: Caller) -> int:
    number = await accepted(secretary, caller)
    await secretary.talk(number)
    await secretary.audio.message("phase", where=lambda message: message["phase"] == "talking")
    return number
