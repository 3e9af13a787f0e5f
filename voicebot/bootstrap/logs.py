"""Logs: one logfmt line each on standard error, with no key that is not known to be free of personal data."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from voicebot.core.data_keys import SAFE

_STRUCTURE = frozenset({"event", "level", "timestamp", "exception", "logger"})


def configure_logs() -> None:
    """Send every log line, also those of libraries, to standard error in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        only_classified,
        structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
    ]
    structlog.configure(processors=[*shared, *last], logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    handler = logging.StreamHandler(sys.stderr)
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[strip, *last]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def only_classified(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank the value of every key that is not classified as safe: a forgotten one must not leak a caller."""
    return {key: value if key in SAFE or key in _STRUCTURE else "[withheld]" for key, value in line.items()}
