"""What every measure shares: warm-up, interleaved rounds, CPU beside wall time, percentiles, JSON that says where it ran."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One run of one thing."""

    wall_s: float
    cpu_s: float
    """CPU seconds of the whole process, all threads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Percentiles of a series."""

    n: int
    mean: float
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A measured against B, run in turn in one process."""

    cpu_ratio: float
    """Median over rounds of A's CPU seconds over B's."""
    wall_ratio: float
    """Median over rounds of A's wall seconds over B's."""
    a: Spread
    """CPU seconds of A per round."""
    b: Spread
    """CPU seconds of B per round."""


def timed(work: Callable[[], object]) -> Timing:
    """Run once."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Timing(cpu_s=time.process_time() - cpu, wall_s=time.perf_counter() - wall)


def spread(values: Sequence[float]) -> Spread:
    """Percentiles of a non-empty series."""
    p50, p95, p99 = (float(q) for q in np.percentile(values, (50, 95, 99)))
    return Spread(n=len(values), mean=statistics.fmean(values), p50=p50, p95=p95, p99=p99)


def compare(a: Sequence[Callable[[], object]], b: Sequence[Callable[[], object]], *, warm_up: int = 2) -> Comparison:
    """Run a[0], b[0], then b[1], a[1], and so on: who goes first alternates, so that neither always finds the caches warm.

    Args:
        a: one callable per round.
        b: as many.
        warm_up: rounds run before, and not counted.
    """
    for first, second in zip(a[:warm_up], b[:warm_up], strict=True):
        first(), second()
    pairs = [_round(first, second, swap=index % 2 == 1) for index, (first, second) in enumerate(zip(a, b, strict=True))]
    return Comparison(
        cpu_ratio=statistics.median(x.cpu_s / y.cpu_s for x, y in pairs),
        wall_ratio=statistics.median(x.wall_s / y.wall_s for x, y in pairs),
        a=spread([x.cpu_s for x, _ in pairs]),
        b=spread([y.cpu_s for _, y in pairs]),
    )


def _round(first: Callable[[], object], second: Callable[[], object], *, swap: bool) -> tuple[Timing, Timing]:
    if swap:
        y, x = timed(second), timed(first)
    else:
        x, y = timed(first), timed(second)
    return x, y


def sha256_of(*paths: Path) -> str:
    """One hash over files, or over all files of folders, in the order of their names."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.read_bytes())
    return digest.hexdigest()


def machine() -> dict[str, Any]:
    """Where the measure ran."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "load_1_min": round(os.getloadavg()[0], 2),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def commit() -> str:
    """Commit of the tree, with `+` when it holds changes."""
    root = Path(__file__).parent
    head = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=root, capture_output=True, text=True, check=False)  # noqa: S607
    changed = subprocess.run(["git", "status", "--porcelain", "-uno"], cwd=root, capture_output=True, text=True, check=False)  # noqa: S607
    return (head.stdout.strip() or "unknown") + ("+" if changed.stdout.strip() else "")


def write(name: str, figures: Mapping[str, Any], *, hashes: Mapping[str, str]) -> Path:
    """Store a measure as `results/NAME.json` and say where.

    Args:
        name: file name without extension.
        figures: JSON values, or dataclasses of this module.
        hashes: sha256 of the models and data used, by name.
    """
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    content = {
        "measure": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "sha256": dict(hashes),
        "figures": dict(figures),
    }
    path.write_text(json.dumps(content, indent=1, default=asdict, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written: {path.relative_to(RESULTS.parent.parent)}")
    return path


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor()
