"""Languages that a call can be held in."""

from __future__ import annotations

from typing import Literal

Language = Literal["fr", "en"]
