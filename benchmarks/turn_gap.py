"""How long a caller waits for an answer, in real time, read off stereo recordings of simulated calls.

A gap runs from the end of the caller's speech to the bot's first sample. The endpoint wait is the part of it that
the turn machine spends on being sure that the caller has finished. A false cut-off is a turn that was taken while the
caller was still speaking.

Run: python -m benchmarks.turn_gap [--calls 18] [--together 3]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import harness
from voicebot.audio.telephone import TELEPHONE_HZ
from voicebot.bootstrap.call_parts import Caller
from voicebot.bootstrap.runtime import Runtime
from voicebot.call.clocks import RealClock
from voicebot.config import Settings
from voicebot.core.events import CallEvent, EventKind
from voicebot.demo.caller import SimulatedCaller
from voicebot.demo.scenes import SCENES, Scene
from voicebot.demo.summary import gaps_of, word_errors
from voicebot.models.resolution import resolve
from voicebot.transports.wav import WavLine

HELD_OUT = ("f5", "m7", "m8", "gustave", "robert", "Henrique", "steph2", "marcelo")
"""espeak-ng variants that the recogniser never heard in training."""
TALKATIVE = tuple(scene for scene in SCENES if len(scene.replies) > 3)


@dataclass(slots=True, kw_only=True)
class Watch:
    """Follows one call."""

    caller: SimulatedCaller
    line: WavLine
    waits_s: list[float] = field(default_factory=list)
    cut_offs: int = 0
    turns: int = 0

    def take(self, event: CallEvent) -> None:
        """An event sink."""
        self.caller.follow(event)
        if event.kind is EventKind.CALLER_TURN:
            self.turns += 1
            self.cut_offs += self.line.speaking
            self.waits_s.append(event.t_s - float(str(event.data["end_s"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One call, measured."""

    gaps_s: list[float]
    watch: Watch


async def hold(runtime: Runtime, scene: Scene, seed: int, folder: Path) -> Measured:
    """Hold one call in real time."""
    consignes = runtime.clients.by_id(scene.client)
    caller = SimulatedCaller(scene, seed=seed)
    line = WavLine(caller.next_utterance, rate_hz=TELEPHONE_HZ)
    watch = Watch(caller=caller, line=line)
    who = Caller(consignes=consignes, number=scene.number, line=consignes.lines[0])
    call, _ = await runtime.answer(line, who, clock=RealClock(), sink=lambda _: watch.take, recordings=folder)
    return Measured(gaps_s=gaps_of(folder / f"{call}.wav"), watch=watch)


async def hold_all(runtime: Runtime, scenes: list[Scene], together: int, folder: Path) -> list[Measured]:
    """Hold the calls, so many at a time."""
    room = asyncio.Semaphore(together)

    async def one(seed: int, scene: Scene) -> Measured:
        async with room:
            return await hold(runtime, scene, seed, folder)

    return await asyncio.gather(*(one(seed, scene) for seed, scene in enumerate(scenes)))


def scenes_of(calls: int) -> list[Scene]:
    """The demonstration's longer scenes, in voices held out from training."""
    scenes = []
    for number in range(calls):
        scene = TALKATIVE[number % len(TALKATIVE)]
        scenes.append(replace(scene, voice=replace(scene.voice, accent="fr", variant=HELD_OUT[number % len(HELD_OUT)])))
    return scenes


def figures_of(measured: list[Measured], together: int) -> Mapping[str, object]:
    """The measure's table."""
    gaps_s = [gap for call in measured for gap in call.gaps_s]
    waits_s = [wait for call in measured for wait in call.watch.waits_s]
    errors = [word_errors(call.watch.caller.exchanges) for call in measured]
    return {
        "calls": len(measured),
        "calls_at_a_time": together,
        "turns": sum(call.watch.turns for call in measured),
        "gap_s": harness.spread(gaps_s),
        "endpoint_wait_s": harness.spread(waits_s),
        "false_cut_offs": sum(call.watch.cut_offs for call in measured),
        "word_error_rate": sum(wrong for wrong, _ in errors) / max(1, sum(said for _, said in errors)),
        "voices": "espeak-ng, held out from training, 8 kHz A-law with noise",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=18)
    parser.add_argument("--together", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runtime = Runtime(Settings(data_dir=Path(folder) / "data"))
        try:
            _ = runtime.recognizer, runtime.understander, runtime.speaker
            measured = asyncio.run(hold_all(runtime, scenes_of(arguments.calls), arguments.together, Path(folder)))
        finally:
            runtime.close()
    figures = figures_of(measured, arguments.together)
    for name, value in figures.items():
        print(f"  {name}: {value}")
    harness.write("turn_gap", figures, hashes={"compact-fr": harness.sha256_of(resolve("compact-fr"))})


if __name__ == "__main__":
    main()
