"""`voicebot transcribe`: recordings to text, through the recognition host or stock faster-whisper."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from voicebot.adapters import load_recognition_engine
from voicebot.asr.faster_whisper import FasterWhisperEngine
from voicebot.asr.host import RecognitionHost
from voicebot.asr.recognizer import Priority, RecognitionRequest
from voicebot.audio.resample import resample
from voicebot.audio.wav import read_wav
from voicebot.cli.honesty import warn_about_recognizer
from voicebot.cli.options import JsonOption, print_json
from voicebot.config import load_settings
from voicebot.core.audio import Samples
from voicebot.core.events import JsonValue

MODEL_HZ = 16000


def transcribe(
    files: Annotated[list[Path], typer.Argument(help="Mono 16-bit PCM WAV at 8000 or 16000 Hz.")],
    *,
    model: Annotated[str | None, typer.Option("--model", help="Name in the manifest, or a folder.")] = None,
    stock: Annotated[bool, typer.Option("--stock", help="Through faster-whisper's own transcribe, for comparison.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write what is said in each file."""
    recordings = [read_wav(file) for file in files]
    settings = load_settings()
    name = model or settings.asr_model
    engine = load_recognition_engine(name, threads=settings.asr_threads)
    warn_about_recognizer(name)
    texts = _stock(engine, recordings) if stock else _hosted(engine, recordings)
    for file, fields in zip(files, texts, strict=True):
        if as_json:
            print_json({"file": str(file), **fields})
        else:
            sys.stdout.write(f"{fields['text']}\n" if len(files) == 1 else f"{file}: {fields['text']}\n")


def _hosted(engine: FasterWhisperEngine, recordings: list[tuple[Samples, int]]) -> list[dict[str, JsonValue]]:
    host = RecognitionHost(engine)
    try:
        futures = [
            host.submit(
                RecognitionRequest(samples=samples, rate_hz=rate_hz, language="fr", priority=Priority.FINAL, deadline_s=60.0)
            )
            for samples, rate_hz in recordings
        ]
        answers = [future.result() for future in futures]
    finally:
        host.close()
    return [
        {
            "text": a.text,
            "audio_s": round(a.audio_s, 3),
            "avg_logprob": round(a.avg_logprob, 3),
            "no_speech_prob": round(a.no_speech_prob, 3),
            "rejected": a.rejected,
        }
        for a in answers
    ]


def _stock(engine: FasterWhisperEngine, recordings: list[tuple[Samples, int]]) -> list[dict[str, JsonValue]]:
    fields: list[dict[str, JsonValue]] = []
    for samples, rate_hz in recordings:
        audio = resample(samples, rate_hz, MODEL_HZ).astype(np.float32) / np.float32(32768)
        text = engine.transcribe_stock(audio, language="fr")
        fields.append({"text": text, "audio_s": round(len(samples) / rate_hz, 3)})
    return fields
