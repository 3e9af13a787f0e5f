"""`voicebot chat`: the same dialogue by text."""

from __future__ import annotations

import sys

from rich.console import Console

from voicebot.bootstrap import Runtime
from voicebot.cli.options import CallerOption, ClientOption, JsonOption, LineOption, NowOption, caller_of, json_sink, moment
from voicebot.cli.screen import screen_sink
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
        sink = json_sink() if as_json else screen_sink(Console())
        with runtime.chat(who, answered=moment(now, who.zone), sink=sink) as session:
            session.start(who.number)
            for text in sys.stdin:
                if session.ended is not None:
                    break
                session.say(text.strip())
                if session.ended is not None:
                    break
    finally:
        runtime.close()
