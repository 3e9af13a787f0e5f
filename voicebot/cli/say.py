"""`voicebot say`: a sentence as the bot would speak it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from voicebot.adapters import ESPEAK, voices_for
from voicebot.audio.wav import write_wav
from voicebot.core.errors import InputError
from voicebot.core.language import Language
from voicebot.tts.cache import SpeechCache
from voicebot.tts.espeak import EspeakSynthesizer
from voicebot.tts.speaker import CachedSpeaker
from voicebot.tts.synthesizer import Synthesizer

RATE_HZ = 16000


def say(
    text: Annotated[str, typer.Argument(help="A written sentence; numbers, dates and hours are read out.")],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="WAV file to write.")],
    voice: Annotated[str, typer.Option("--voice", help="espeak, espeak:VARIANT (such as espeak:f5), or a Piper voice.")] = ESPEAK,
    lang: Annotated[str, typer.Option("--lang", help="fr or en.")] = "fr",
) -> None:
    """Speak a sentence into a WAV file (16 kHz, mono, 16 bits)."""
    if lang not in {"fr", "en"}:
        raise InputError(f"--lang {lang!r}: expected fr or en")
    if not any(character.isalnum() for character in text):
        raise InputError(f"the text to say {text!r} holds nothing to read out, expected at least one word")
    if not output.parent.is_dir():
        raise InputError(f"{output}: no such folder {output.parent}")
    language: Language = "en" if lang == "en" else "fr"
    speaker = CachedSpeaker({language: _voices(voice, language)}, SpeechCache(None))
    try:
        pieces = [clause.audio.result() for clause in speaker.speak(text, language=language, rate_hz=RATE_HZ)]
    finally:
        speaker.close()
    write_wav(output, np.concatenate(pieces), RATE_HZ)


def _voices(name: str, language: Language) -> tuple[Synthesizer, ...]:
    product, _, variant = name.partition(":")
    if product == ESPEAK and variant:
        return (EspeakSynthesizer("fr" if language == "fr" else "en-gb", variant),)
    return voices_for(name, language)
