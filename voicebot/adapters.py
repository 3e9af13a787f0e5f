"""The concrete adapters that settings choose: database, recogniser, voices."""

from __future__ import annotations

from voicebot.asr.faster_whisper import FasterWhisperEngine
from voicebot.config import Settings
from voicebot.core.errors import RecordsError
from voicebot.core.language import Language
from voicebot.models.resolution import resolve
from voicebot.records.database import Database
from voicebot.tts.espeak import receptionist_voice
from voicebot.tts.piper import PiperSynthesizer
from voicebot.tts.synthesizer import Synthesizer

ESPEAK = "espeak"


def open_database(settings: Settings, *, upgrade: bool | None = None) -> Database:
    """Open the database; the embedded default (no URL set) is created and kept up to date by itself.

    Raises:
        RecordsError: it cannot be opened, or its tables are not up to date.
    """
    embedded = settings.database_url is None
    if embedded:
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise RecordsError(f"data folder {settings.data_dir}: {exc.strerror}, expected a folder that can be written") from exc
    return Database.open(settings.database, upgrade=embedded if upgrade is None else upgrade)


def load_recognition_engine(name: str, *, threads: int) -> FasterWhisperEngine:
    """Load a recogniser by manifest name or folder.

    Raises:
        ModelError: unknown, incomplete, or does not load.
    """
    return FasterWhisperEngine.load(resolve(name), threads=threads)


def voices_for(name: str, language: Language) -> tuple[Synthesizer, ...]:
    """The voice of that name first, then the one that is always there.

    Args:
        name: `espeak`, a Piper voice of the manifest, or a path to its folder or `.onnx` file.
        language: what it speaks.

    Raises:
        ModelError: the voice is unknown or incomplete.
    """
    fallback = receptionist_voice(language)
    if name == ESPEAK:
        return (fallback,)
    path = resolve(name)
    return PiperSynthesizer(next(path.glob("*.onnx"), path) if path.is_dir() else path), fallback
