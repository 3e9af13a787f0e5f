"""`voicebot call`: recordings of a caller, through the whole audio path."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from voicebot.bootstrap.runtime import Runtime
from voicebot.call.clocks import RealClock, VirtualClock
from voicebot.cli.call_folder import CallFolder, results_folder
from voicebot.cli.honesty import warn_about_recognizer
from voicebot.cli.options import (
    CallerOption,
    ClientOption,
    JsonOption,
    LineOption,
    NowOption,
    OutOption,
    RealTimeOption,
    caller_of,
    json_sink,
    moment,
)
from voicebot.cli.screen import Screen, screen_sink
from voicebot.config import load_settings
from voicebot.transports.wav import WavLine, load_utterances


def call(
    wavs: Annotated[list[Path], typer.Argument(help="One utterance each: mono 16-bit PCM at 8000 or 16000 Hz.")],
    *,
    client: ClientOption = None,
    caller: CallerOption = None,
    line: LineOption = None,
    now: NowOption = None,
    out: OutOption = None,
    real_time: RealTimeOption = False,
    as_json: JsonOption = False,
) -> None:
    """Ring a client; each WAV is one utterance, played when the bot has stopped speaking."""
    settings = load_settings()
    utterances, rate_hz = load_utterances(wavs)
    runtime = Runtime(settings)
    try:
        who = caller_of(runtime.clients, client=client, line=line, caller=caller)
        answered = moment(now, who.zone)
        warn_about_recognizer(settings.asr_model)
        folder = None if out is None else results_folder(out)
        clock = RealClock(answered) if real_time else VirtualClock(answered)
        if real_time:
            runtime.prewarm(who.consignes, rate_hz=rate_hz)
        said = iter(utterances)
        wav_line = WavLine(lambda: next(said, None), rate_hz=rate_hz)
        kept = CallFolder(folder, json_sink() if as_json else screen_sink(Screen()))
        try:
            asyncio.run(runtime.answer(wav_line, who, clock=clock, sink=kept.sink, recordings=folder))
        finally:
            kept.finish()
    finally:
        runtime.close()
