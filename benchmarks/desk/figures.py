"""What was seen, as figures."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from benchmarks import harness
from benchmarks.desk.plan import Heard, Order, Outcome, Period, Race, Told
from voicebot.core.audio import CHUNK_MS


def figures_of(outcome: Outcome, order: Order) -> Mapping[str, Any]:
    """The tables of the measure; milliseconds unless they say otherwise."""
    work = outcome.periods["work"]
    return {
        "during": {
            "seconds": round(work.seconds, 1),
            "calls_on_the_line": _ends(outcome.on_the_line),
            "talking_with_a_secretary": _ends(outcome.talking),
            "tickets_in_the_queue": _ends(outcome.waiting),
            "commands": len(outcome.told),
            "events_received_per_s": round(work.events / work.seconds),
            "in_the_whole_shift": dict(outcome.happened),
        },
        "console_update_ms": _updates(outcome.told),
        "race": _races(outcome.races),
        "loop_delay_ms": loop_delay_ms(work),
        "frames_ms": {"at_callers": _frames(outcome.callers), "at_secretaries": _frames(outcome.secretaries)},
        "mouth_to_ear_ms": {"to_callers": _delays(outcome.callers), "to_secretaries": _delays(outcome.secretaries)},
        "clients_own_lateness_ms": _spread_ms(outcome.lateness_s),
        "cpu": _cpu(outcome.periods, order.calls),
        "memory_mb": {
            "before_the_first_call": round(outcome.periods["consoles"].after.rss_mb),
            "start_of_work": round(work.before.rss_mb),
            "end_of_work": round(work.after.rss_mb),
        },
    }


def loop_delay_ms(period: Period) -> Mapping[str, float]:
    """Percentiles of the server's own histogram; between the bounds of a bucket, in proportion."""
    counts = [
        (most_s, after - before) for (most_s, after), (_, before) in zip(period.after.delays, period.before.delays, strict=True)
    ]
    beats = counts[-1][1]
    within = dict(counts)
    figures = {f"p{q}": round(1000 * _quantile_s([(0.0, 0.0), *counts], beats * q / 100), 2) for q in (50, 95, 99)}
    return {**figures, "share_above_20_ms": round(1 - within[CHUNK_MS / 1000] / beats, 5), "beats": beats}


def _quantile_s(counts: Sequence[tuple[float, float]], rank: float) -> float:
    for (low_s, before), (high_s, until) in pairwise(counts):
        if until >= rank and until > before:
            return low_s if high_s == float("inf") else low_s + (high_s - low_s) * (rank - before) / (until - before)
    return 0.0


def _updates(told: Sequence[Told]) -> Mapping[str, Any]:
    by_command: dict[str, list[float]] = defaultdict(list)
    for one in told:
        by_command[one.command] += one.seen_s
    done = [one for one in told if one.seen_s]
    return {
        "all": _spread_ms(seen_s for one in done for seen_s in one.seen_s),
        "last_console": _spread_ms(max(one.seen_s) for one in done),
        "by_command": {command: _spread_ms(seen_s) for command, seen_s in sorted(by_command.items()) if seen_s},
        "missed": sum(one.missing for one in told),
        "commands_refused": sum(one.status != 200 for one in told),
    }


def _races(races: Sequence[Race]) -> Mapping[str, Any]:
    losers_s = [told_s for race in races for told_s in race.losers_told_s]
    return {
        "races": len(races),
        "with_exactly_one_winner": sum(race.won == 1 for race in races),
        "losers_told_who_won": len(losers_s),
        "other_answers": sum(race.others for race in races),
        "loser_told_ms": {"p50": _ms(statistics.median(losers_s)), "max": _ms(max(losers_s))} if losers_s else {},
        "winner_told_ms": {"p50": _ms(statistics.median(race.winner_told_s for race in races))} if races else {},
    }


def _frames(heard: Heard) -> Mapping[str, Any]:
    gaps_s = heard.gaps_s
    return {
        "between_two": _spread_ms(gaps_s),
        "off_the_beat": _spread_ms(abs(gap_s - CHUNK_MS / 1000) for gap_s in gaps_s),
        "longest": _ms(max(gaps_s, default=0.0)),
    }


def _delays(heard: Heard) -> Mapping[str, Any]:
    found = _spread_ms(heard.delays_s)
    return {
        "delay": found,
        "longest": _ms(max(heard.delays_s, default=0.0)),
        "clicks": heard.clicks,
        "heard": len(heard.delays_s),
    }


def _cpu(periods: Mapping[str, Period], calls: int) -> Mapping[str, Any]:
    shares = {name: (period.after.cpu_s - period.before.cpu_s) / period.seconds for name, period in periods.items()}
    return {
        "server_cores": {name: round(share, 3) for name, share in shares.items()},
        "clients_cores": {name: round(period.clients_cpu_s / period.seconds, 3) for name, period in periods.items()},
        "server_ms_per_call_and_audio_s": {
            "calls_alone": round(1000 * (shares["calls"] - shares["consoles"]) / calls, 2),
            "everything": round(1000 * shares["work"] / calls, 2),
        },
    }


def _spread_ms(values_s: Iterable[float]) -> Mapping[str, float]:
    values = [1000 * value_s for value_s in values_s]
    return {} if not values else {name: round(value, 2) for name, value in asdict(harness.spread(values)).items()}


def _ms(value_s: float) -> float:
    return round(1000 * value_s, 2)


def _ends(values: Sequence[int]) -> Mapping[str, int]:
    return {"least": min(values, default=0), "most": max(values, default=0)}
