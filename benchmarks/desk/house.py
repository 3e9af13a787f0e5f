"""The house under load: its clients and users, the server's process, what it uses, and tickets of another process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import yaml

from accounts.passwords import generated_password
from accounts.service import Accounts
from accounts.users import Role
from voicebot.config import CATALOGUE
from voicebot.core.ids import CallId, ClientId
from voicebot.core.language import Language
from voicebot.handoff.requests import HandoffReason, HandoffRequest
from voicebot.handoff.ticket_rows import TicketRows
from voicebot.records.calls import start_call
from voicebot.records.database import Database

LINE = "+33199001001"
CLIENT = ClientId("cabinet-lilas")
STARTS_WITHIN_S = 120.0
STOPS_WITHIN_S = 60.0
PATIENT = {"max_waiting": 1000, "choices_after_s": [600.0, 1200.0], "max_wait_s": 3600.0}
"""Rules of every client: two hundred callers wait for as long as the measure lasts."""
_FRENCH: Language = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Somebody who may sign in."""

    login: str
    name: str
    password: str


def furnish(folder: Path, secretaries: int) -> list[Login]:
    """Make the clients' folder, the database and its users; blocks for one hash a user."""
    _write_clients(folder / "clients")
    database = Database.open(f"sqlite:///{folder / 'permanence.db'}", upgrade=True)
    try:
        accounts = Accounts(database, clock=lambda: datetime.now(UTC))
        logins = [
            Login(login=f"secretaire{n:02d}", name=f"Prénom{n:02d} Nom", password=generated_password())
            for n in range(secretaries)
        ]
        for one in logins:
            accounts.add_user(login=one.login, name=one.name, role=Role.SECRETARY, password=one.password)
    finally:
        database.close()
    return logins


def _write_clients(folder: Path) -> None:
    """Those of the catalogue, with our rules of the queue."""
    folder.mkdir()
    rules = yaml.safe_dump({"queue": PATIENT})
    for file in (CATALOGUE / "clients").glob("*.yaml"):
        without = re.sub(r"^queue:.*\n(?:[ #].*\n|\n)*", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        (folder / file.name).write_text(f"{without}\n{rules}", encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A server that runs."""

    url: str
    pid: int

    @property
    def socket_url(self) -> str:
        """Of its WebSockets."""
        return self.url.replace("http", "ws", 1)


@contextmanager
def served(folder: Path, *, calls: int) -> Iterator[Serving]:
    """`voicebot serve` on the furnished folder, until the block ends.

    Raises:
        SystemExit: it does not start.
    """
    environment = {
        **os.environ,
        "VOICEBOT_DATA_DIR": str(folder),
        "VOICEBOT_CLIENTS_DIR": str(folder / "clients"),
        "VOICEBOT_MAX_CALLS": str(calls + 10),
        "VOICEBOT_MAX_CALLS_PER_ADDRESS": "100",
        "VOICEBOT_STOP_GRACE_S": "0",
    }
    command = [sys.executable, "-m", "voicebot", "serve", "--port", "0"]
    with _log(folder).open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)  # noqa: S603 - ours
    try:
        address = _address(process)
        if address is None:
            raise SystemExit(f"the server did not start:\n{_log(folder).read_text(encoding='utf-8')}")
        yield Serving(url=address, pid=process.pid)
    finally:
        process.terminate()
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def complaints(folder: Path) -> list[str]:
    """Warnings and errors in the server's log."""
    lines = _log(folder).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if "level=warning" in line or "level=error" in line or "Traceback" in line]


def _log(folder: Path) -> Path:
    return folder / "serve.log"


def _address(process: subprocess.Popen[str]) -> str | None:
    """Once it takes calls; None when it did not start."""
    found = re.search(r"http://\S+", process.stdout.readline() if process.stdout is not None else "")
    if found is None:
        return None
    with httpx.Client(base_url=found[0], timeout=STARTS_WITHIN_S) as client:  # the port is open already: this waits
        client.get("/readyz").raise_for_status()
    return found[0]


class OtherProcess:
    """Tickets that another process of the same house opens and closes: the server finds them when it reads the board again."""

    def __init__(self, folder: Path, tickets: int) -> None:
        self._database = Database.open(f"sqlite:///{folder / 'permanence.db'}")
        self._rows = TicketRows(self._database)
        self.tickets = tickets
        """Always open."""
        self._open = [self._ring() for _ in range(tickets)]
        self._stop = threading.Event()

    @contextmanager
    def changing(self, every_s: float) -> Iterator[None]:
        """Every so often, somebody of them leaves and somebody else comes."""
        thread = threading.Thread(target=self._change, args=(every_s,))
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def close(self) -> None:
        """Leave the database."""
        self._database.close()

    def _change(self, every_s: float) -> None:
        while self._open and not self._stop.wait(every_s):
            self._rows.leave(self._open.pop(0), "hung_up", phone=None, now=datetime.now(UTC))
            self._open.append(self._ring())

    def _ring(self) -> CallId:
        call, now = CallId(uuid.uuid4().hex), datetime.now(UTC)
        start_call(
            self._database, call=call, client=CLIENT, line=LINE, caller=None, started_at=now, zone="Europe/Paris",
            language=_FRENCH, consignes_version="",
        )  # fmt: skip
        summary = "Une personne demande à parler à quelqu'un, sans dire pourquoi."
        turns = ("assistant : Que puis-je faire pour vous ?", "appelant : Je voudrais parler à quelqu'un.")
        request = HandoffRequest(reason=HandoffReason.ASKED, urgency_kind=None, summary=summary, transcript=turns)
        self._rows.request(call, CLIENT, request, now=now)
        return call


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """What the server has used so far."""

    cpu_s: float
    rss_mb: float
    delays: Sequence[tuple[float, float]]
    """Its own histogram of the delay of the loop that carries the audio: up to so many seconds, so many beats (cumulative)."""


def gauge(serving: Serving) -> Gauge:
    """Read it."""
    process = psutil.Process(serving.pid)
    used = process.cpu_times()
    text = httpx.get(f"{serving.url}/metrics", timeout=10.0).text
    found = re.findall(r'^permanence_loop_delay_seconds_bucket\{le="([^"]+)"\} (\S+)$', text, re.MULTILINE)
    delays = [(float(most_s), float(beats)) for most_s, beats in found]
    return Gauge(cpu_s=used.user + used.system, rss_mb=process.memory_info().rss / 1e6, delays=delays)
