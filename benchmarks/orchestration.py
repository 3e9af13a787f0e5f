"""What a call costs beside its models: CPU and memory of many calls on one event loop, in real time.

Everything of a call runs but recognition, understanding and synthesis, which answer at once: detection, turns, policy,
playback, events. The caller speaks 40 % of the time, on a line that is silent otherwise. Two figures, by the detector: a
threshold that costs next to nothing, and the real two stages. Each runs in a fresh process.

    python -m benchmarks.orchestration [--calls 50] [--seconds 20]
"""

from __future__ import annotations

import argparse
import asyncio
import concurrent.futures
import functools
import gc
import multiprocessing
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from benchmarks import harness
from tests.fakes.calls import RATE_HZ, Said, Scene
from tests.fakes.understanding import turn
from voicebot.audio.resample import resample
from voicebot.call.clocks import RealClock
from voicebot.core.audio import AudioChunk, chunk_samples
from voicebot.tts.espeak import EspeakSynthesizer
from voicebot.vad.detector import SpeechDetector
from voicebot.vad.two_stage import TwoStageDetector

TARGET_MS, TARGET_MB = 3.0, 0.5
_PROBE_S = 0.01
_TURNS = (turn("vos horaires", "opening_hours"), turn("votre adresse", "address_access"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What `calls` calls came to."""

    calls: int
    seconds: float
    cpu_ms_per_audio_s: float
    """CPU of the whole process, milliseconds per call and second of audio."""
    rss_mb_per_call: float
    """Growth of resident memory from before the calls to their last second."""
    heap_mb_per_call: float
    """The same of what Python and numpy have allocated, in a shorter run of its own."""
    loop_delay_ms: harness.Spread
    """How much later than asked a timer of the same loop fires."""


class Loudness:
    """Implements `SpeechDetector` at next to no cost: whether the first sample is zero."""

    def feed(self, chunk: AudioChunk) -> float:
        """1.0 for what is not silence."""
        return 1.0 if chunk.samples[0] else 0.0


class TwoStageOnSpeech:
    """The real detector at work on synthetic speech while the caller speaks; turns follow `Loudness` in both figures."""

    def __init__(self) -> None:
        self._loudness, self._detector, self._chunks = Loudness(), TwoStageDetector(), cycle(_speech())

    def feed(self, chunk: AudioChunk) -> float:
        """Both judge, the cheap one decides."""
        loud = self._loudness.feed(chunk)
        self._detector.feed(next(self._chunks) if loud else chunk)
        return loud


@functools.cache
def _speech() -> tuple[AudioChunk, ...]:
    voice = EspeakSynthesizer("fr", "m8")
    samples = resample(voice.synthesize("bonjour, je voudrais connaître vos horaires d'ouverture"), voice.rate_hz, RATE_HZ)
    size = chunk_samples(RATE_HZ)
    return tuple(AudioChunk(samples=samples[n : n + size], rate_hz=RATE_HZ) for n in range(0, len(samples) - size, size))


def scene(seconds: float, detector: SpeechDetector) -> Scene:
    """A caller who asks something every five seconds, for two, and hangs up at the end."""
    starts_s = [2.0 + 5.0 * n for n in range(int(seconds // 5))]
    said = [Said(text=_TURNS[n % 2].text, at_s=start_s, length_s=2.0) for n, start_s in enumerate(starts_s)]
    return Scene(said=said, turns=_TURNS, clock=RealClock(), detector=detector, hangs_up_s=seconds, keep_audio=False)


def measure(calls: int, seconds: float, detector: Callable[[], SpeechDetector]) -> Cost:
    """Hold the calls at once, their beats spread over 20 ms."""
    asyncio.run(_held([scene(1.0, detector())], seconds=1.0))
    gc.collect()
    before_mb = _rss_mb()
    started = [scene(seconds, detector()) for _ in range(calls)]
    cpu_s = time.process_time()
    delays_s, after_mb = asyncio.run(_held(started, seconds=seconds))
    cpu_s = time.process_time() - cpu_s
    return Cost(
        calls=calls,
        seconds=seconds,
        cpu_ms_per_audio_s=cpu_s * 1000 / (calls * seconds),
        rss_mb_per_call=(after_mb - before_mb) / calls,
        heap_mb_per_call=_heap_mb(10, seconds / 2, detector),
        loop_delay_ms=harness.spread([delay_s * 1000 for delay_s in delays_s]),
    )


async def _held(scenes: list[Scene], *, seconds: float) -> tuple[list[float], float]:
    """Hold the calls; delays of the loop, and resident memory in their last second."""
    async with asyncio.TaskGroup() as group:
        for number, one in enumerate(scenes):
            group.create_task(_later(0.02 * number / len(scenes), one))
        delays_s = await _probe(seconds - 0.5)
        memory_mb = _rss_mb()
    return delays_s, memory_mb


async def _later(delay_s: float, one: Scene) -> None:
    await asyncio.sleep(delay_s)
    await one.session.run()


async def _probe(seconds: float) -> list[float]:
    loop, delays_s = asyncio.get_running_loop(), list[float]()
    end_s = loop.time() + seconds
    while loop.time() < end_s:
        due_s = loop.time() + _PROBE_S
        await asyncio.sleep(_PROBE_S)
        delays_s.append(loop.time() - due_s)
    return delays_s


def _heap_mb(calls: int, seconds: float, detector: Callable[[], SpeechDetector]) -> float:
    tracemalloc.start()
    scenes = [scene(seconds, detector()) for _ in range(calls)]
    asyncio.run(_held(scenes, seconds=seconds))
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / calls / 1e6


def _rss_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6


def main() -> None:
    """Measure, print, store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    fresh = multiprocessing.get_context("spawn")
    costs: dict[str, Cost] = {}
    for name, detector in (("threshold", Loudness), ("two_stage", TwoStageOnSpeech)):
        with concurrent.futures.ProcessPoolExecutor(1, mp_context=fresh) as process:
            costs[name] = process.submit(measure, options.calls, options.seconds, detector).result()
    for name, cost in costs.items():
        delay = cost.loop_delay_ms
        print(
            f"{name:10} {cost.cpu_ms_per_audio_s:.2f} ms CPU per audio-second and call (target {TARGET_MS}),"
            f" {cost.rss_mb_per_call:.2f} MB resident, {cost.heap_mb_per_call:.2f} MB allocated per call (target {TARGET_MB}),"
            f" loop delay p50 {delay.p50:.1f} p95 {delay.p95:.1f} ms"
        )
    harness.write("orchestration", {"targets": {"cpu_ms": TARGET_MS, "memory_mb": TARGET_MB}, **costs}, hashes={})


if __name__ == "__main__":
    main()
