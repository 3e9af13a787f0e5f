"""A real `voicebot serve` in a process of its own, to be rung, used, killed and started again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import httpx

ROOT = Path(__file__).parents[2]
START_WITHIN_S = 120.0
STOP_WITHIN_S = 90.0


class Served:
    """The server of one data folder; `start` again after `kill` or `stop` serves the same."""

    def __init__(self, data_dir: Path, *, environment: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.passwords: dict[str, str] = {}
        """Of the first users, by login."""
        ours = {"VOICEBOT_DATA_DIR": str(data_dir), "VOICEBOT_MAX_CALLS_PER_ADDRESS": "50"}
        self._environment = {**os.environ, **ours, **(environment or {})}
        self._port = _free_port()
        self._process: subprocess.Popen[str] | None = None
        self._started_before = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def start(self) -> Self:
        """Start, and wait until it is ready."""
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "voicebot", "serve", "--port", str(self._port)],
                stdout=subprocess.PIPE, stderr=log, text=True, env=self._environment, cwd=ROOT,
            )  # fmt: skip
        self._read_passwords(self._process)
        end_s = time.monotonic() + START_WITHIN_S
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > end_s:
                raise AssertionError(f"the server did not start:\n{self.log[-3000:]}")
            time.sleep(0.1)
        return self

    def kill(self) -> None:
        """kill -9."""
        self._signalled(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        return self._signalled(signal.SIGTERM)

    def terminate(self) -> None:
        """SIGTERM, without waiting."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self._signalled(signal.SIGKILL)

    @property
    def _log(self) -> Path:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        return self.data_dir / "serve.log"

    def _signalled(self, number: signal.Signals) -> int:
        process = self._process
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(number)
        try:
            return process.wait(STOP_WITHIN_S)
        finally:
            if process.stdout is not None:
                process.stdout.close()

    def _read_passwords(self, process: subprocess.Popen[str]) -> None:
        """What is printed at the start, to its last line: no more comes."""
        last = "(secretary)" if not self._started_before else "/desk"
        for line in process.stdout or ():
            found = re.fullmatch(r"  (\w+) +(\S+)  \(\w+\)\n", line)
            if found:
                self.passwords[found[1]] = found[2]
            if last in line and (self._started_before or "secretaire2" in self.passwords):
                break
        self._started_before = True

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2.0).status_code == 200
        except httpx.TransportError:
            return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
