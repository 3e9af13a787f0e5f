"""A call as a person reads it in a terminal."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from typing import NoReturn

from rich.console import Console
from rich.markup import escape

from voicebot.call.event_log import EventSink
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import CallId


class Screen(Console):
    """A terminal whose closing is an error like any other, not the end of the program."""

    def on_broken_pipe(self) -> NoReturn:
        """Called by rich when the reader has gone."""
        raise BrokenPipeError(errno.EPIPE, "closed")


def screen_sink(console: Console) -> Callable[[CallId], EventSink]:
    """Prints who says what, and what the bot does."""
    return lambda _call: lambda event: show(console, event)


def show(console: Console, event: CallEvent) -> None:
    """Print one event, if it is one that a person wants to see."""
    line = _line(event)
    if line is not None:
        console.print(f"[dim]{event.t_s:7.2f}[/dim]  {line}", highlight=False)


def _line(event: CallEvent) -> str | None:
    data = event.data
    match event.kind:
        case EventKind.BOT_STARTED:
            return f"[cyan]bot      [/cyan] {escape(str(data['text']))}"
        case EventKind.CALLER_TURN:
            urgent = "  [bold red]urgent[/bold red]" if data["urgent"] else ""
            return f"[yellow]appelant [/yellow] {escape(str(data['text']))}  [dim]{data['intent']}[/dim]{urgent}"
        case EventKind.ACTION_RESULT:
            shown = data["shown"]
            return None if not isinstance(shown, dict) else f"[green]action   [/green] {escape(_fields(shown))}"
        case EventKind.BOT_STOPPED:
            return "[dim]         (le bot se tait)[/dim]"
        case EventKind.FAILURE:
            return f"[red]panne    [/red] {data['code']}"
        case EventKind.CALL_ENDED:
            return f"[magenta]fin      [/magenta] {data['reason']} · {data['outcome']}"
        case _:
            return None


def _fields(shown: Mapping[str, object]) -> str:
    return "  ".join(f"{key}={value}" for key, value in shown.items() if value not in (None, "", [], False))
