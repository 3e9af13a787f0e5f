"""`voicebot nlu`: what is understood of a line of text."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from voicebot.cli.options import JsonOption, NowOption, moment, print_json
from voicebot.cli.typed import typed_lines
from voicebot.config import load_settings
from voicebot.core.errors import InputError
from voicebot.core.expected import Expectation, ExpectedAnswer
from voicebot.core.language import Language
from voicebot.nlu.engine import load_engine
from voicebot.nlu.understanding import Directory
from voicebot.nlu.understanding_json import understanding_to_json

PARIS = ZoneInfo("Europe/Paris")


def nlu(
    *,
    lang: Annotated[str, typer.Option("--lang", help="fr or en.")] = "fr",
    now: NowOption = None,
    expect: Annotated[ExpectedAnswer, typer.Option("--expect", help="What was just asked.")] = ExpectedAnswer.OPEN,
    as_json: JsonOption = False,  # noqa: ARG001 - JSON is the only form; the option is part of the contract
) -> None:
    """Read lines from standard input; write one JSON object for each."""
    if lang not in {"fr", "en"}:
        raise InputError(f"--lang {lang!r}: expected fr or en")
    language: Language = "en" if lang == "en" else "fr"
    directory = load_settings().nlu_dir
    engine = load_engine() if directory is None else load_engine(directory)
    at = moment(now, PARIS)
    for line in typed_lines():
        understanding = engine.understand(
            line, language=language, now=at, expectation=Expectation(kind=expect), directory=Directory()
        )
        print_json(understanding_to_json(understanding))
