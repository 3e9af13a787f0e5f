"""All measures, one after the other: `make bench`. Run a single one by its module: `python -m benchmarks.turn_gap`."""

from __future__ import annotations

import subprocess
import sys

MEASURES = ("recognition", "understanding", "turn_gap", "orchestration", "desk_load")


def main() -> None:
    for measure in MEASURES:
        print(f"== {measure}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{measure}"], check=True)  # noqa: S603 - our own modules


if __name__ == "__main__":
    main()
