"""What the queue tells a call that waits for a human, or is with one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChanged:
    """The rank has changed, or who is there."""

    position: int
    """1 for the next to be taken."""
    estimate_s: float | None
    """Expected wait from now, seconds; None when nothing is known."""
    staffed: bool
    """Whether anybody who could take this call is logged in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """A limit of waiting is reached: the two choices of the client's `Queue.choices_after_s`, then its `max_wait_s`."""

    level: Literal[1, 2, 3]


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanComing:
    """A secretary has accepted and reads; her audio is not connected yet."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanConnected:
    """Audio runs both ways from now on."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanLeft:
    """The human is gone."""

    how: Literal["ended", "given_back", "lost"]
    """`ended`: she hung up, the call is over. `given_back`: the bot goes on. `lost`: her line failed, the caller waits again."""


HandoffEvent = PlaceChanged | Waited | HumanComing | HumanConnected | HumanLeft
