"""Debian's Chromium driven by Playwright: a microphone that plays a WAV, a loudspeaker that is listened to, a server for it."""

from __future__ import annotations

import asyncio
import base64
import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from starlette.types import ASGIApp

from tests.fakes.spectrum import level_of

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE_S = 30.0
_TONE_S = 0.25
"""Tones are looked for in pieces of this length."""

TAP = """
(() => {
  // Whatever a page connects to the loudspeaker is recorded on the way: window.spoken = {rate, pieces, samples}.
  const connect = AudioNode.prototype.connect;
  const taps = new WeakMap();
  const spoken = (window.spoken = { rate: 0, pieces: [], samples: 0 });
  const tapOf = (context) => {
    if (!taps.has(context)) {
      const tap = context.createScriptProcessor(16384, 1, 1);
      tap.onaudioprocess = ({ inputBuffer }) => {
        spoken.rate = context.sampleRate;
        spoken.pieces.push(inputBuffer.getChannelData(0).slice());
        spoken.samples += inputBuffer.length;
      };
      connect.call(tap, context.destination);
      taps.set(context, tap);
    }
    return taps.get(context);
  };
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to === this.context.destination) connect.call(this, tapOf(this.context));
    return connect.call(this, to, ...rest);
  };
  window.spokenUntil = async (samples) => {
    const until = performance.now() + 30000;
    while (spoken.rate === 0 || spoken.samples < samples) {
      if (performance.now() > until) throw new Error("the loudspeaker of this page is not running");
      await new Promise((again) => setTimeout(again, 50));
    }
  };
  window.spokenFrom = (start) => {
    const all = new Float32Array(spoken.samples);
    let at = 0;
    for (const piece of spoken.pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    const bytes = new Uint8Array(all.slice(start).buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(text);
  };
})();
"""


def require_chromium() -> None:
    """Skip where there is no Chromium; continuous integration must have one."""
    if CHROMIUM.exists():
        return
    if os.environ.get("CI"):
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
    pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")


@contextmanager
def driver() -> Iterator[Playwright]:
    """Playwright, one at a time in a process; close it before tests that run an event loop of their own."""
    require_chromium()
    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def launched(
    playwright: Playwright,
    *,
    microphone: Path | None = None,
    looped: bool = True,
    plugged_in: bool = True,
    granted: bool = True,
) -> Iterator[Browser]:
    """A headless Chromium.

    Args:
        playwright: made by `driver`.
        microphone: WAV that the microphone plays; None for Chromium's own beeps.
        looped: play it again and again; otherwise once, then silence.
        plugged_in: whether there is a microphone at all.
        granted: whether pages get it when they ask.
    """
    arguments = ["--no-sandbox", "--headless=new", "--no-first-run", "--disable-background-networking"]
    if plugged_in:
        arguments.append("--use-fake-device-for-media-stream")
    if granted:
        arguments.append("--use-fake-ui-for-media-stream")
    if microphone is not None:
        arguments.append(f"--use-file-for-fake-audio-capture={microphone}{'' if looped else '%noloop'}")
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def chromium(*, microphone: Path | None = None, looped: bool = True) -> Iterator[Browser]:
    """A headless Chromium with a Playwright of its own; the arguments are those of `launched`."""
    with driver() as playwright, launched(playwright, microphone=microphone, looped=looped) as browser:
        yield browser


@contextmanager
def listened_to(browser: Browser, **options: object) -> Iterator[Page]:
    """A page in a profile of its own whose loudspeaker is recorded; `options` are those of `Browser.new_context`."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_S * 1000)
    context.add_init_script(TAP)
    try:
        yield context.new_page()
    finally:
        context.close()


def spoken_by_page(page: Page, seconds: float) -> tuple[npt.NDArray[np.float32], int]:
    """What the page says from now on, for so long.

    Returns:
        Samples between -1 and 1, and their rate in Hz.
    """
    page.evaluate("window.spokenUntil(0)")
    start, rate_hz = page.evaluate("[window.spoken.samples, window.spoken.rate]")
    page.evaluate("end => window.spokenUntil(end)", start + seconds * rate_hz)
    samples = np.frombuffer(base64.b64decode(page.evaluate("start => window.spokenFrom(start)", start)), np.float32)
    return samples[: round(seconds * rate_hz)], int(rate_hz)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What came out of a loudspeaker."""

    samples: npt.NDArray[np.float32]
    """Between -1 and 1."""
    rate_hz: int

    @property
    def level_dbfs(self) -> float:
        """RMS; -120 for silence."""
        return float(20 * np.log10(max(np.sqrt(np.mean(self.samples.astype(np.float64) ** 2)), 1e-6)))

    def tone_dbfs(self, hz: float) -> float:
        """RMS of one tone, whatever else is heard; a gap in it takes away no more than its share."""
        pieces = np.array_split((self.samples * 32767).astype(np.int16), round(self.samples.size / self.rate_hz / _TONE_S))
        return float(10 * np.log10(np.mean([10 ** (level_of(piece, hz, self.rate_hz) / 10) for piece in pieces])))


def heard(*pages: Page, seconds: float, after_s: float = 1.0) -> list[Sound]:
    """What each of several pages says during the same time.

    Args:
        pages: opened by `listened_to`; their loudspeakers must be running.
        seconds: how long to listen.
        after_s: how long to wait before: what is under way to the loudspeaker and to the recorder must not count.
    """
    for page in pages:
        page.evaluate("window.spokenUntil(0)")
    starts = [page.evaluate("after => window.spoken.samples + after * window.spoken.rate", after_s) for page in pages]
    sounds = []
    for page, start in zip(pages, starts, strict=True):
        rate_hz = int(page.evaluate("window.spoken.rate"))
        page.evaluate("end => window.spokenUntil(end)", start + seconds * rate_hz)
        samples = np.frombuffer(base64.b64decode(page.evaluate("start => window.spokenFrom(start)", start)), np.float32)
        sounds.append(Sound(samples=samples[: round(seconds * rate_hz)], rate_hz=rate_hz))
    return sounds


def tone_of(samples: npt.NDArray[np.number], rate_hz: int) -> tuple[float, float]:
    """The strongest tone: frequency in Hz, and its share of the whole energy (1 for a pure tone)."""
    windowed = samples.astype(np.float64) * np.hanning(samples.size)
    power = np.abs(np.fft.rfft(windowed)) ** 2
    power[: max(1, round(20 * samples.size / rate_hz))] = 0
    peak = int(power.argmax())
    return peak * rate_hz / samples.size, float(power[max(0, peak - 4) : peak + 5].sum() / max(power.sum(), 1e-12))


def serious_violations(page: Page) -> Sequence[str]:
    """What axe-core finds on the page as it stands, `rule: element` for each serious or critical finding."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html']}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An application that is being served."""

    address: str
    """`http://127.0.0.1:PORT`."""
    server: uvicorn.Server
    loop: asyncio.AbstractEventLoop

    def drop_sockets(self) -> None:
        """Cut every connection as a network does that goes away: without a word."""

        def cut() -> None:
            for connection in list(self.server.server_state.connections):
                connection.transport.abort()

        self.loop.call_soon_threadsafe(cut)


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The application on a free port, in a thread of this process; its address."""
    with serving(app) as server:
        yield server.address


@contextmanager
def serving(app: ASGIApp) -> Iterator[Served]:
    """Like `served`, with a hold on the server."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, ws_per_message_deflate=False, timeout_graceful_shutdown=2
    )
    server, loops = uvicorn.Server(config), queue.SimpleQueue[asyncio.AbstractEventLoop]()

    async def serve() -> None:
        loops.put(asyncio.get_running_loop())
        await server.serve()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    loop, until_s = loops.get(timeout=PATIENCE_S), time.monotonic() + PATIENCE_S
    while not server.started and thread.is_alive() and time.monotonic() < until_s:
        time.sleep(0.01)
    if not server.started:
        raise RuntimeError("the server did not start")
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Served(address=f"http://127.0.0.1:{port}", server=server, loop=loop)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
