"""`voicebot chat`: the same dialogue by text."""

from __future__ import annotations

from voicebot.bootstrap.runtime import Runtime
from voicebot.cli.call_folder import CallFolder
from voicebot.cli.options import CallerOption, ClientOption, JsonOption, LineOption, NowOption, caller_of, json_sink, moment
from voicebot.cli.screen import Screen, screen_sink
from voicebot.cli.typed import typed_lines
from voicebot.config import load_settings


def chat(
    *,
    client: ClientOption = None,
    caller: CallerOption = None,
    line: LineOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Talk to a client's bot by text: one line a turn, end with Ctrl-D."""
    runtime = Runtime(load_settings())
    try:
        who = caller_of(runtime.clients, client=client, line=line, caller=caller)
        kept = CallFolder(None, json_sink() if as_json else screen_sink(Screen()))
        with runtime.chat(who, answered=moment(now, who.zone), sink=kept.sink) as session:
            session.start(who.number)
            lines = typed_lines()
            while session.ended is None and kept.unshown is None and (text := next(lines, None)) is not None:
                session.say(text)
        kept.finish()
    finally:
        runtime.close()
