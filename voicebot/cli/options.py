"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import phonenumbers
import typer

from voicebot.bootstrap.call_parts import Caller
from voicebot.call.event_log import EventSink
from voicebot.call.public_lines import public_line
from voicebot.clients.catalogue import ClientCatalogue
from voicebot.core.errors import InputError
from voicebot.core.events import CallEvent, JsonValue
from voicebot.core.ids import CallId

ClientOption = Annotated[str | None, typer.Option("--client", help="Client whose line is rung (see: voicebot catalog list).")]
CallerOption = Annotated[str | None, typer.Option("--caller", help="Calling number; withheld when left out.")]
LineOption = Annotated[str | None, typer.Option("--line", help="Dialled number; the client's first line when left out.")]
NowOption = Annotated[str | None, typer.Option("--now", help="Pretend that it is this moment, ISO 8601.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON Lines on standard output, nothing else there.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="Folder for the stereo recording and the transcript.")]
RealTimeOption = Annotated[bool, typer.Option("--real-time", help="Run in real time instead of on the virtual clock.")]


def caller_of(clients: ClientCatalogue, *, client: str | None, line: str | None, caller: str | None) -> Caller:
    """Who rings whom.

    Raises:
        InputError: neither client nor line is given, one is unknown, they do not belong together, a number is no number.
    """
    dialled = None if line is None else phone_number(line, "--line")
    if client is None and dialled is None:
        raise InputError("nobody is rung: expected --client ID or --line NUMBER (see: voicebot catalog list)")
    consignes = clients.by_line(dialled) if client is None and dialled is not None else clients.by_id(client or "")
    if dialled is not None and dialled not in consignes.lines:
        raise InputError(f"--line {line}: not a line of {consignes.id}, expected one of {', '.join(consignes.lines)}")
    number = None if caller is None else phone_number(caller, "--caller")
    return Caller(consignes=consignes, number=number, line=dialled or consignes.lines[0])


def phone_number(text: str, option: str) -> str:
    """A telephone number as E.164; national numbers are French.

    Raises:
        InputError: it is none.
    """
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException as exc:
        raise InputError(f"{option} {text!r}: not a telephone number, expected for example +33639980011") from exc
    if not phonenumbers.is_possible_number(number):
        raise InputError(f"{option} {text!r}: not a telephone number, expected for example +33639980011")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def moment(text: str | None, zone: ZoneInfo) -> datetime:
    """The moment that `--now` names, aware; local to `zone` when it says no zone; the present when not given.

    Raises:
        InputError: it is no ISO date and time.
    """
    if text is None:
        return datetime.now(UTC).astimezone(zone)
    try:
        value = datetime.fromisoformat(text)
    except ValueError as exc:
        raise InputError(f"--now {text!r}: expected an ISO date and time such as 2026-11-23T10:30") from exc
    return value.replace(tzinfo=zone) if value.tzinfo is None else value.astimezone(zone)


def print_json(data: Mapping[str, JsonValue]) -> None:
    """One JSON object on one line of standard output, at once."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def json_sink() -> Callable[[CallId], EventSink]:
    """Prints the public lines of a call."""
    return lambda call: lambda event: _print_event(event, call)


def _print_event(event: CallEvent, call: CallId) -> None:
    line = public_line(event, call)
    if line is not None:
        print_json(line)
