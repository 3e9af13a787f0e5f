"""What is to be measured, and what was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.desk.house import Gauge, Login, Serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be measured."""

    serving: Serving
    logins: Sequence[Login]
    """Of all secretaries."""
    seats: int
    """So many of them talk with callers, the others have a break."""
    calls: int
    """On the line at the same time."""
    bots: int
    """Of them, those who talk with the bot; the others want a person."""
    seconds: float
    races: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became known of one command."""

    command: str
    status: int
    """Of the answer."""
    seen_s: Sequence[float]
    """How long after the command was sent each console knew; nothing for a command that was refused."""
    missing: int
    """Consoles that did not get to know it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """One ticket, accepted by everybody at once."""

    won: int
    """Answers that say so."""
    winner_told_s: float
    losers_told_s: Sequence[float]
    """Of those who were told the winner's name."""
    others: int
    """Answers that were neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What was used in a while."""

    seconds: float
    before: Gauge
    after: Gauge
    clients_cpu_s: float
    """Of the process that plays everybody else."""
    events: int
    """Received by all consoles together."""


@dataclass(slots=True, kw_only=True)
class Heard:
    """What came to one kind of ears; nothing is kept while `measuring` is false."""

    measuring: bool = False
    gaps_s: list[float] = field(default_factory=list)
    """Between two frames of one line."""
    delays_s: list[float] = field(default_factory=list)
    """From mouth to ear, one for each click that was heard."""
    clicks: int = 0
    """Sent to these ears."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """Everything that was seen."""

    periods: dict[str, Period] = field(default_factory=dict)
    """`consoles`: nobody rings yet. `calls`: nobody at the desk does anything. `work`: the measure."""
    told: list[Told] = field(default_factory=list)
    races: list[Race] = field(default_factory=list)
    callers: Heard = field(default_factory=Heard)
    secretaries: Heard = field(default_factory=Heard)
    on_the_line: list[int] = field(default_factory=list)
    """Calls, looked at once a second."""
    talking: list[int] = field(default_factory=list)
    """Of them, with a secretary."""
    waiting: list[int] = field(default_factory=list)
    """Tickets in the queue, wherever their callers are."""
    happened: Counter[str] = field(default_factory=Counter)
    lateness_s: list[float] = field(default_factory=list)
    """How late the callers' own beat was: what is measured on these ends is no better than this."""
