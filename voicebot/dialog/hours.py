"""A week of opening hours in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from voicebot.clients.consignes import DayName, Hours
from voicebot.core.language import Language
from voicebot.dialog.formatting import enumeration, write_spans
from voicebot.dialog.openings import DAYS, flat

_NAMES: Mapping[Language, tuple[str, ...]] = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def weekly_hours(hours: Mapping[DayName, tuple[Hours, ...]], language: Language) -> str:
    """« du lundi au vendredi de 9 h à 12 h et de 14 h à 18 h, et le samedi de 9 h à 12 h »."""
    groups: dict[tuple[time, ...], list[int]] = {}
    for index, day in enumerate(DAYS):
        bounds = flat(hours.get(day, ()))
        if bounds:
            groups.setdefault(bounds, []).append(index)
    parts = [f"{_days(days, language)} {write_spans(bounds, language)}" for bounds, days in groups.items()]
    return (", et " if language == "fr" else ", and ").join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _days(indices: list[int], language: Language) -> str:
    """Runs of three days or more as a range, other days one by one."""
    texts = []
    for run in _runs(indices):
        names = [_NAMES[language][index] for index in run]
        if len(names) > 2:
            texts.append(f"du {names[0]} au {names[-1]}" if language == "fr" else f"from {names[0]} to {names[-1]}")
        else:
            texts += [f"le {name}" if language == "fr" else f"on {name}" for name in names]
    return enumeration(texts, language)


def _runs(indices: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for index in indices:
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
