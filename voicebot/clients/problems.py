"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voicebot.clients.yaml_source import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong, or doubtful, in a client's consignes."""

    path: Path
    sentence: str
    severity: Literal["error", "warning"] = "error"
