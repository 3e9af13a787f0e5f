"""`voicebot demo`: simulated callers through the whole audio path, then where to look."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from voicebot.audio.telephone import TELEPHONE_HZ
from voicebot.bootstrap.call_parts import Caller
from voicebot.bootstrap.runtime import Runtime
from voicebot.call.clocks import RealClock, VirtualClock
from voicebot.call.event_log import EventSink
from voicebot.cli.call_folder import CallFolder, results_folder
from voicebot.cli.honesty import warn_about_recognizer
from voicebot.cli.options import RealTimeOption
from voicebot.cli.screen import show
from voicebot.config import Settings, load_settings
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import CallId
from voicebot.demo.caller import SimulatedCaller
from voicebot.demo.scenes import SCENES, Scene
from voicebot.demo.summary import CallReport, gaps_of, heard_table, row_text, summary_table
from voicebot.transports.wav import WavLine

DEMO_NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
"""A Monday morning, so that every run finds the same agenda."""


def demo(
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for recordings, transcripts and the database.")] = Path("demo-out"),
    real_time: RealTimeOption = False,
) -> None:
    """Ring six clients' lines, show who says what, and tell where to look."""
    console = Console()
    folder = results_folder(out)
    settings = load_settings()
    settings = settings.model_copy(update={"data_dir": _fresh(folder / "data"), "database_url": None})
    warn_about_recognizer(settings.asr_model)
    runtime = Runtime(settings)
    try:
        reports = _ring_all(runtime, console, folder, real_time=real_time)
    finally:
        runtime.close()
    console.print(heard_table(reports))
    console.print(summary_table(reports, virtual=not real_time))
    _where_to_look(console, folder, settings)


def _fresh(folder: Path) -> Path:
    """The database of the demonstration starts empty; spoken prompts are kept."""
    for name in ("permanence.db", "permanence.db-wal", "permanence.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder.parent / "calls", ignore_errors=True)
    return results_folder(folder)


def _ring_all(runtime: Runtime, console: Console, folder: Path, *, real_time: bool) -> list[CallReport]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Préparation de la voix et de l'oreille", total=len(SCENES))
        _ = runtime.recognizer, runtime.understander
        for client in {scene.client for scene in SCENES}:
            progress.update(task, description=f"Phrases de {client}")
            runtime.prewarm(runtime.clients.by_id(client), rate_hz=TELEPHONE_HZ)
        reports: list[CallReport] = []
        for number, scene in enumerate(SCENES):
            progress.update(task, description=scene.title, completed=number)
            console.rule(f"{number + 1}. {scene.title} · {scene.client}")
            reports.append(asyncio.run(_ring(runtime, scene, console, folder / "calls", number, real_time=real_time)))
        progress.update(task, completed=len(SCENES))
    return reports


async def _ring(runtime: Runtime, scene: Scene, console: Console, folder: Path, number: int, *, real_time: bool) -> CallReport:
    consignes = runtime.clients.by_id(scene.client)
    calling = scene.number or consignes.vip[0].number
    caller = SimulatedCaller(scene, seed=number)
    rows: list[str] = []

    def watch(_call: CallId) -> EventSink:
        def take(event: CallEvent) -> None:
            caller.follow(event)
            show(console, event)
            shown = event.data.get("shown")
            if event.kind is EventKind.ACTION_RESULT and isinstance(shown, dict):
                rows.append(row_text(shown))

        return take

    kept = CallFolder(results_folder(folder), watch)
    call, end = await runtime.answer(
        WavLine(caller.next_utterance, rate_hz=TELEPHONE_HZ),
        Caller(consignes=consignes, number=calling, line=consignes.lines[0]),
        clock=RealClock(DEMO_NOW) if real_time else VirtualClock(DEMO_NOW),
        sink=kept.sink,
        recordings=folder,
    )
    kept.finish()
    return CallReport(
        scene=scene,
        outcome=f"{end.outcome} ({end.reason})",
        duration_s=end.duration_s,
        exchanges=caller.exchanges,
        rows=rows,
        gaps_s=gaps_of(folder / f"{call}.wav"),
    )


def _where_to_look(console: Console, folder: Path, settings: Settings) -> None:
    console.print(f"Écouter  : {folder / 'calls'}/*.wav (appelant à gauche, bot à droite), le texte à côté en .jsonl")
    console.print(
        f"La base  : {settings.data_dir / 'permanence.db'} (SQLite : calls, turns, events, appointments, messages, tickets)"
    )
    console.print("Essayer  : .venv/bin/voicebot chat --client cabinet-lilas")
    console.print("           .venv/bin/voicebot catalog list")
    console.print('           .venv/bin/voicebot say "Rendez-vous mardi 24 novembre à 14 h 30" -o dit.wav')
