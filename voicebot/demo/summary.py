"""The closing table of the demonstration: heard against said, waits, outcomes, rows."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein
from rich.table import Table

from voicebot.audio.turn_gaps import turn_gaps
from voicebot.core.events import JsonValue
from voicebot.demo.caller import Exchange
from voicebot.demo.scenes import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReport:
    """One call of the demonstration, measured."""

    scene: Scene
    outcome: str
    duration_s: float
    exchanges: list[Exchange]
    rows: list[str]
    """What was stored, as shown: « book: consultation 2026-11-26T14:00 »."""
    gaps_s: list[float]


def gaps_of(recording: Path) -> list[float]:
    """Turn gaps read off the recording, seconds."""
    with wave.open(str(recording), "rb") as file:
        stereo = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
        return [gap.gap_s for gap in turn_gaps(stereo, file.getframerate())]


def row_text(shown: dict[str, JsonValue]) -> str:
    """An action as one short line."""
    match shown["name"]:
        case "book":
            return f"rendez-vous : {shown['act']}, {str(shown['starts'])[:16]}, {shown['person']}, {shown['phone']}"
        case "message":
            return f"message : {shown['person']}, {shown['phone']}, « {shown['reason']} »"
        case _:
            return f"ticket : {shown['reason']}" + (f" ({shown['kind']})" if shown["kind"] else "")


def word_errors(exchanges: list[Exchange]) -> tuple[int, int]:
    """Words wrong and words said; commas and hyphens do not count."""
    wrong = sum(Levenshtein.distance(_words(e.said), _words(e.heard)) for e in exchanges)
    return wrong, sum(len(_words(e.said)) for e in exchanges)


def summary_table(reports: list[CallReport], *, virtual: bool) -> Table:
    """All calls, one line each."""
    table = Table(title="Ce qui s'est passé", show_lines=True, expand=True)
    table.add_column("appel, résultat", ratio=2)
    table.add_column("durée", no_wrap=True)
    table.add_column("mots faux / dits", width=9)
    table.add_column("attente p50 / p95" + (" (virtuelle)" if virtual else ""), width=13)
    table.add_column("écrit en base", ratio=3)
    for report in reports:
        wrong, said = word_errors(report.exchanges)
        p50, p95 = np.percentile(report.gaps_s, [50, 95]) if report.gaps_s else (float("nan"), float("nan"))
        table.add_row(
            f"{report.scene.title}\n[dim]{report.outcome}[/dim]",
            f"{report.duration_s:.0f} s",
            f"{wrong} / {said}",
            f"{p50:.2f} / {p95:.2f} s" if report.gaps_s else "",
            "\n".join(report.rows),
        )
    return table


def heard_table(reports: list[CallReport]) -> Table:
    """Each sentence said, and as it was heard where that differs."""
    table = Table(title="Dit et entendu")
    for column in ("dit par l'appelant", "entendu par le bot"):
        table.add_column(column)
    for exchange in (e for report in reports for e in report.exchanges):
        same = _words(exchange.said) == _words(exchange.heard)
        table.add_row(exchange.said, "[dim]identique[/dim]" if same else exchange.heard)
    return table


def _words(text: str) -> list[str]:
    return text.lower().replace(",", " ").replace("-", " ").split()
