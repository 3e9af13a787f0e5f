"""Figures of the running server, in Prometheus form; none is about a person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

PROBE_S = 0.02
"""How often the event loop's delay is measured, seconds: once a chunk of audio."""
_DELAYS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.5, 1.0)

Figures = Callable[[], Mapping[str, float]]
"""Names without prefix, and their values now."""


class Metrics:
    """All series of one process."""

    def __init__(self, *figures: Figures) -> None:
        """Count from now on; `figures` are read whenever somebody looks."""
        self._registry = CollectorRegistry()
        self._registry.register(_Gauges(figures))
        self.calls_answered = Counter("permanence_calls_answered", "Calls answered.", registry=self._registry)
        self.calls_refused = Counter(
            "permanence_calls_refused", "Calls not taken, by reason.", ["reason"], registry=self._registry
        )
        self.calls_ended = Counter("permanence_calls_ended", "Calls ended, by reason.", ["reason"], registry=self._registry)
        self.loop_delay = Histogram(
            "permanence_loop_delay_seconds",
            "How much later than asked the loop that carries the audio wakes up.",
            buckets=_DELAYS_S,
            registry=self._registry,
        )

    def exposition(self) -> bytes:
        """The text that Prometheus scrapes."""
        return generate_latest(self._registry)

    async def probe(self) -> None:
        """Measure the event loop's delay until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due_s = loop.time() + PROBE_S
            await asyncio.sleep(PROBE_S)
            self.loop_delay.observe(max(0.0, loop.time() - due_s))


class _Gauges(Collector):
    def __init__(self, figures: tuple[Figures, ...]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        for read in self._figures:
            for name, value in read().items():
                yield GaugeMetricFamily(f"permanence_{name}", name.replace("_", " "), value=value)
