"""eSpeak NG as a synthesizer: the voice that is always there, in French and English, without any model to fetch.

The shared library keeps its whole state in globals (voice, speed, pitch, output callback), so one lock per process
serialises every call. It lives beside the private copy that piper-tts embeds: two libraries, two sets of globals.

Source: espeak-ng 1.52, src/include/espeak-ng/speak_lib.h.
"""

from __future__ import annotations

import ctypes
import functools
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import espeakng_loader
import numpy as np

from voicebot.core.audio import Samples
from voicebot.core.errors import ModelError, SynthesisError
from voicebot.core.language import Language
from voicebot.tts.loudness import TARGET_DBFS, levelled

VOICES = ("fr", "fr-be", "fr-ch", "en", "en-gb", "en-us")
"""Accents meant for calls; any other that eSpeak NG knows by name works as well."""

_FILE_OF_VOICE = {"en-gb": "en", "fr-fr": "fr"}  # the library finds a voice by its file's name, which these are not

# speak_lib.h
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_DONT_EXIT = 0x8000
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_POS_CHARACTER = 1
_CHARS_UTF8 = 1
_EE_OK = 0

_VOLUME_WITHOUT_CLIPPING = 60  # at 100 the loudest variants reach full scale inside the library, before any gain of ours

_SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Library:
    """eSpeak NG as espeakng-loader brings it; used by one thread at a time.

    The library keeps oscillator state from one utterance to the next, so that the same text never gives the same samples
    twice. It is therefore opened afresh for each utterance, which takes about 5 ms: the same text, the same audio.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        try:
            self.data = Path(espeakng_loader.get_data_path())
            self._path: str = espeakng_loader.get_library_path()
            self._close = ctypes.CDLL(None).dlclose
        except (OSError, RuntimeError) as exc:
            raise ModelError(f"The eSpeak NG library of espeakng-loader does not load: {exc}.") from exc
        self._close.argtypes = [ctypes.c_void_p]
        with self._opened([]) as (library, rate_hz):
            library.espeak_Info.restype = ctypes.c_char_p
            self.version: str = library.espeak_Info(None).decode().split()[0]
            self.rate_hz = rate_hz

    def knows_voice(self, name: str) -> bool:
        with self._opened([]) as (library, _):
            return bool(library.espeak_SetVoiceByName(name.encode()) == _EE_OK)

    def knows_variant(self, variant: str) -> bool:
        return (self.data / "voices" / "!v" / variant).is_file()

    def speak(self, text: bytes, *, voice: str, parameters: dict[int, int]) -> Samples:
        pcm: list[bytes] = []
        with self._opened(pcm) as (library, _):
            _must("choose the voice", library.espeak_SetVoiceByName(voice.encode()))
            for parameter, value in parameters.items():
                _must("set a parameter", library.espeak_SetParameter(parameter, value, 0))
            size = ctypes.c_size_t(len(text) + 1)
            _must(
                "synthesise",
                library.espeak_Synth(text, size, ctypes.c_uint(0), _POS_CHARACTER, ctypes.c_uint(0), _CHARS_UTF8, None, None),
            )
            _must("finish", library.espeak_Synchronize())
        return np.frombuffer(b"".join(pcm), np.int16)

    @contextmanager
    def _opened(self, pcm: list[bytes]) -> Iterator[tuple[ctypes.CDLL, int]]:
        """The library in its first state, and its rate; what it speaks is appended to `pcm`."""

        def collect(samples: Any, n_samples: int, _events: Any) -> int:
            if samples and n_samples > 0:
                pcm.append(ctypes.string_at(samples, 2 * n_samples))
            return 0

        callback = _SynthCallback(collect)  # kept until the end: the library holds only a bare pointer to it
        with self._lock:
            try:
                library = ctypes.CDLL(self._path)
            except OSError as exc:
                raise ModelError(f"The eSpeak NG library of espeakng-loader does not load: {exc}.") from exc
            try:
                rate_hz = int(
                    library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, str(self.data).encode(), _INITIALIZE_DONT_EXIT)
                )
                if rate_hz <= 0:
                    raise ModelError(f"eSpeak NG does not start with the data of {self.data}.")
                library.espeak_SetSynthCallback(callback)
                yield library, rate_hz
                library.espeak_Terminate()
            finally:
                self._close(library._handle)


def _must(what: str, status: int) -> None:
    if status != _EE_OK:
        raise SynthesisError(f"eSpeak NG could not {what} (status {status}).")


_loading = threading.Lock()  # two threads may want their first voice together; functools.cache would load twice


def _library() -> _Library:
    with _loading:
        return _load_once()


@functools.cache
def _load_once() -> _Library:
    return _Library()


class EspeakSynthesizer:
    """One eSpeak NG voice; implements `Synthesizer`."""

    def __init__(
        self,
        voice: str = "fr",
        variant: str | None = None,
        *,
        speed_wpm: int = 160,
        pitch: int = 50,
        pitch_range: int = 50,
        level_dbfs: float = TARGET_DBFS,
    ) -> None:
        """Load the library, once per process, and check the voice.

        Args:
            voice: accent, one of `VOICES` or another language that eSpeak NG knows (`fr`, `fr-be`, `en-gb`).
            variant: timbre, a file of eSpeak NG's `voices/!v` (`f5`, `m7`, `Henrique`); None for the accent's own.
            speed_wpm: words per minute, 80..450.
            pitch: base pitch, 0..100, 50 is the voice's own.
            pitch_range: liveliness of the intonation, 0..100, 50 is the voice's own.
            level_dbfs: RMS of the active speech, dB below full scale; peaks stay below -3 dBFS.

        Raises:
            ModelError: the library, its data, the voice or the variant is missing.
        """
        library = _library()
        self._voice = _FILE_OF_VOICE.get(voice.lower(), voice)
        if not re.fullmatch(r"[A-Za-z0-9-]+", voice) or not library.knows_voice(self._voice):
            raise ModelError(f"eSpeak NG has no voice {voice!r}; expected one of {', '.join(VOICES)}.")
        if variant is not None:
            if not re.fullmatch(r"\w+(?: \w+)*", variant) or not library.knows_variant(variant):
                raise ModelError(f"eSpeak NG has no variant {variant!r}; expected a file of {library.data / 'voices' / '!v'}.")
            self._voice += f"+{variant}"
        self._parameters = {_RATE: speed_wpm, _VOLUME: _VOLUME_WITHOUT_CLIPPING, _PITCH: pitch, _RANGE: pitch_range}
        self._level_dbfs = level_dbfs
        self.rate_hz = library.rate_hz
        self.name = f"espeak-ng:{self._voice}:{speed_wpm}:{pitch}:{pitch_range}:{level_dbfs:g}:{library.version}"

    def synthesize(self, text: str) -> Samples:
        """Speak verbalised text; see `Synthesizer.synthesize`. Text without a letter or digit gives no sample."""
        if not any(character.isalnum() for character in text):
            return np.zeros(0, np.int16)
        encoded = text.replace("\0", " ").encode("utf-8", "replace")
        samples = _library().speak(encoded, voice=self._voice, parameters=self._parameters)
        if not samples.size:
            raise SynthesisError(f"eSpeak NG returned no audio for a text of {len(text)} characters.")
        return levelled(samples, self.rate_hz, target_dbfs=self._level_dbfs)


def receptionist_voice(language: Language) -> EspeakSynthesizer:
    """The bot's own voice when no Piper voice is there: slower, higher and livelier than the default timbre of a caller."""
    return EspeakSynthesizer("fr" if language == "fr" else "en-gb", speed_wpm=150, pitch=65, pitch_range=60)
